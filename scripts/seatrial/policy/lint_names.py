"""The names of the lint gate's built-in checks, had without the model of the policy."""

# Built-in checks by name, each with what it finds. Checks of commands are named by their text.
BUILT_IN: dict[str, str] = {
    "policy": "a policy file in the change that would be refused",
    "notebook_outputs": "notebooks that hold outputs",
    "notebook_order": "notebooks whose cells were not run from top to bottom",
    "pickles": "pickled objects, which run code when they are loaded",
    "large_files": "files over the size limit that are in neither LFS nor DVC",
    "unpinned_actions": "actions and workflows that are not pinned to a full commit id",
    "unpinned_images": "container images of workflows that are not pinned to a digest",
    "unpinned_requirements": "requirements without an exact version",
    "secrets": "what looks like a key or a token of a well-known kind",
}
