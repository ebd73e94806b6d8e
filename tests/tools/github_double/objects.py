"""GitHub's objects in full, as its API describes them."""

import hashlib
import zlib
from typing import Any

from github_double.world import EPOCH, Artifact, Comment, File, Pull, Run, fork_of

_PLAIN_LINKS = (
    "contributors", "deployments", "downloads", "events", "forks", "hooks", "languages", "merges",
    "stargazers", "subscribers", "subscription", "tags", "teams",
)  # fmt: skip
_TEMPLATES = {
    "archive": "/{archive_format}{/ref}", "assignees": "/assignees{/user}", "blobs": "/git/blobs{/sha}",
    "branches": "/branches{/branch}", "collaborators": "/collaborators{/collaborator}",
    "comments": "/comments{/number}", "commits": "/commits{/sha}", "compare": "/compare/{base}...{head}",
    "contents": "/contents/{+path}", "git_commits": "/git/commits{/sha}", "git_refs": "/git/refs{/sha}",
    "git_tags": "/git/tags{/sha}", "issue_comment": "/issues/comments{/number}",
    "issue_events": "/issues/events{/number}", "issues": "/issues{/number}", "keys": "/keys{/key_id}",
    "labels": "/labels{/name}", "milestones": "/milestones{/number}",
    "notifications": "/notifications{?since,all,participating}", "pulls": "/pulls{/number}",
    "releases": "/releases{/id}", "statuses": "/statuses/{sha}", "trees": "/git/trees{/sha}",
}  # fmt: skip


def number_for(text: str) -> int:
    return zlib.crc32(text.encode()) + 1


class Objects:
    """Builds objects whose links point at this double."""

    def __init__(self, api: str, site: str) -> None:
        self._api, self._site = api, site

    def user(self, login: str, kind: str = "User") -> dict[str, Any]:
        base = f"{self._api}/users/{login}"
        links = ("followers", "organizations", "received_events", "repos", "subscriptions")
        return {
            "login": login,
            "id": number_for(login),
            "node_id": f"U_{number_for(login)}",
            "avatar_url": f"{self._site}/{login}.png",
            "gravatar_id": "",
            "url": base,
            "html_url": f"{self._site}/{login}",
            **{f"{name}_url": f"{base}/{'orgs' if name == 'organizations' else name}" for name in links},
            "following_url": base + "/following{/other_user}",
            "gists_url": base + "/gists{/gist_id}",
            "starred_url": base + "/starred{/owner}{/repo}",
            "events_url": base + "/events{/privacy}",
            "type": kind,
            "site_admin": False,
        }

    def public_user(self, login: str, kind: str = "User") -> dict[str, Any]:
        unknown = ("bio", "blog", "company", "email", "hireable", "location", "name")
        counts = ("followers", "following", "public_gists", "public_repos")
        return {
            **self.user(login, kind),
            **dict.fromkeys(unknown),
            **dict.fromkeys(counts, 0),
            "created_at": EPOCH,
            "updated_at": EPOCH,
        }

    def app(self, slug: str) -> dict[str, Any]:
        return {
            "id": number_for(slug),
            "slug": slug,
            "node_id": f"A_{number_for(slug)}",
            "owner": self.user("github", "Organization"),
            "name": slug,
            "description": "",
            "external_url": f"{self._site}/apps/{slug}",
            "html_url": f"{self._site}/apps/{slug}",
            "created_at": EPOCH,
            "updated_at": EPOCH,
            "permissions": {"contents": "read", "metadata": "read"},
            "events": [],
        }

    def comment(self, repository: str, comment: Comment) -> dict[str, Any]:
        page = f"{self._site}/{repository}/pull/{comment.issue}"
        return {
            "id": comment.id,
            "node_id": f"IC_{comment.id}",
            "url": f"{self._api}/repos/{repository}/issues/comments/{comment.id}",
            "html_url": f"{page}#issuecomment-{comment.id}",
            "issue_url": f"{self._api}/repos/{repository}/issues/{comment.issue}",
            "body": comment.body,
            "user": self.user(comment.author, comment.kind) if comment.author else None,
            "author_association": "NONE",
            "created_at": EPOCH,
            "updated_at": EPOCH,
            "performed_via_github_app": self.app(comment.app) if comment.app else None,
        }

    def repository(self, name: str, *, fork: bool = False) -> dict[str, Any]:
        owner, _, short = name.partition("/")
        base, page = f"{self._api}/repos/{name}", f"{self._site}/{name}"
        counts = (
            "forks forks_count open_issues open_issues_count stargazers_count watchers watchers_count size"
        )
        flags = {"archived": False, "disabled": False, "private": False, "has_pages": False}
        shown = dict.fromkeys(("has_downloads", "has_issues", "has_projects", "has_wiki"), True)
        return {
            "id": number_for(name),
            "node_id": f"R_{number_for(name)}",
            "name": short,
            "full_name": name,
            "owner": self.user(owner),
            "fork": fork,
            "url": base,
            "html_url": page,
            **{f"{link}_url": f"{base}/{link}" for link in _PLAIN_LINKS},
            **{f"{link}_url": base + template for link, template in _TEMPLATES.items()},
            **dict.fromkeys(("description", "homepage", "language", "mirror_url", "license"), None),
            **dict.fromkeys(counts.split(), 0),
            **flags,
            **shown,
            "clone_url": f"{page}.git",
            "git_url": f"git:{name}.git",
            "ssh_url": f"git@double:{name}.git",
            "svn_url": page,
            "default_branch": "main",
            "pushed_at": EPOCH,
            "created_at": EPOCH,
            "updated_at": EPOCH,
        }

    def pull(self, repository: str, pull: Pull) -> dict[str, Any]:
        base, page = f"{self._api}/repos/{repository}/pulls/{pull.number}", f"{self._site}/{repository}/pull"
        issue = f"{self._api}/repos/{repository}/issues/{pull.number}"
        statuses = f"{self._api}/repos/{repository}/statuses/{pull.head}"
        links = {
            "self": base, "html": f"{page}/{pull.number}", "issue": issue, "comments": f"{issue}/comments",
            "review_comments": f"{base}/comments", "review_comment": base + "/comments{/number}",
            "commits": f"{base}/commits", "statuses": statuses,
        }  # fmt: skip
        nothing = (
            "assignee",
            "auto_merge",
            "body",
            "closed_at",
            "merge_commit_sha",
            "merged_at",
            "merged_by",
            "milestone",
        )
        counts = ("additions", "comments", "commits", "deletions", "review_comments")
        return {
            "id": number_for(page) + pull.number,
            "node_id": f"PR_{pull.number}",
            "number": pull.number,
            "state": pull.state,
            "locked": False,
            "draft": False,
            "merged": False,
            "mergeable": True,
            "mergeable_state": "clean",
            "maintainer_can_modify": False,
            "title": f"Pull request {pull.number}",
            "user": self.user("octocat"),
            "author_association": "NONE",
            "labels": [],
            **dict.fromkeys(nothing),
            **dict.fromkeys(counts, 0),
            "changed_files": len(pull.files),
            "url": base,
            "html_url": f"{page}/{pull.number}",
            "diff_url": f"{page}/{pull.number}.diff",
            "patch_url": f"{page}/{pull.number}.patch",
            "issue_url": issue,
            "comments_url": f"{issue}/comments",
            "commits_url": f"{base}/commits",
            "statuses_url": statuses,
            "review_comments_url": f"{base}/comments",
            "review_comment_url": base + "/comments{/number}",
            "created_at": EPOCH,
            "updated_at": EPOCH,
            "head": self._side(pull.origin(repository), pull.head_ref, pull.head),
            "base": self._side(repository, pull.base_ref, pull.base),
            "_links": {name: {"href": href} for name, href in links.items()},
        }

    def _side(self, repository: str, ref: str, sha: str) -> dict[str, Any]:
        owner = repository.partition("/")[0]
        return {
            "label": f"{owner}:{ref}",
            "ref": ref,
            "sha": sha,
            "user": self.user(owner),
            "repo": self.repository(repository, fork=owner == "visitor"),
        }

    def listed_pull(self, repository: str, pull: Pull) -> dict[str, Any]:
        """A pull request as a list shows it: without what only GitHub's own computing tells."""
        alone = (
            "merged", "mergeable", "mergeable_state", "merged_by", "maintainer_can_modify", "additions",
            "comments", "commits", "deletions", "review_comments", "changed_files",
        )  # fmt: skip
        return {name: value for name, value in self.pull(repository, pull).items() if name not in alone}

    def run(self, repository: str, run: Run, attempt: int) -> dict[str, Any]:
        base = f"{self._api}/repos/{repository}/actions/runs/{run.id}"
        origin = fork_of(repository) if run.fork else repository
        links = ("jobs", "logs", "cancel", "rerun", "artifacts")
        latest = attempt == run.attempt
        return {
            "id": run.id,
            "name": run.name,
            "node_id": f"WFR_{run.id}",
            "head_branch": run.branch,
            "head_sha": run.head,
            "path": ".github/workflows/ci.yml",
            "display_title": "change",
            "run_number": run.id,
            "run_attempt": attempt,
            "event": run.event,
            "status": run.status if latest else "completed",
            "conclusion": run.conclusion if latest else run.earlier.get(str(attempt), "failure"),
            "workflow_id": number_for(run.name),
            "url": base,
            "html_url": f"{self._site}/{repository}/actions/runs/{run.id}",
            "pull_requests": [],
            "created_at": EPOCH,
            "updated_at": EPOCH,
            "run_started_at": EPOCH,
            **{f"{link}_url": f"{base}/{link}" for link in links},
            "check_suite_url": f"{self._api}/repos/{repository}/check-suites/{run.id}",
            "workflow_url": f"{self._api}/repos/{repository}/actions/workflows/{number_for(run.name)}",
            "head_commit": None,
            "repository": self.repository(repository),
            "head_repository": self.repository(origin, fork=run.fork),
        }

    def artifact(self, repository: str, artifact: Artifact, run: Run | None) -> dict[str, Any]:
        base = f"{self._api}/repos/{repository}/actions/artifacts/{artifact.id}"
        digest = artifact.digest
        if digest == "true":
            digest = "sha256:" + hashlib.sha256(artifact.data).hexdigest()
        origin = fork_of(repository) if run is not None and run.fork else repository
        of_run = {
            "id": artifact.run,
            "repository_id": number_for(repository),
            "head_repository_id": number_for(origin),
            "head_branch": "" if run is None else run.branch,
            "head_sha": "" if run is None else run.head,
        }
        return {
            "id": artifact.id,
            "node_id": f"A_{artifact.id}",
            "name": artifact.name,
            "size_in_bytes": len(artifact.data) if artifact.size is None else artifact.size,
            "url": base,
            "archive_download_url": f"{base}/zip",
            "expired": artifact.expired,
            "created_at": EPOCH,
            "updated_at": EPOCH,
            "expires_at": EPOCH,
            "digest": digest,
            "workflow_run": None if run is None else of_run,
        }

    def changed_file(self, repository: str, pull: Pull, file: dict[str, str]) -> dict[str, Any]:
        name, page = file["filename"], f"{self._site}/{repository}"
        entry: dict[str, Any] = {
            "sha": "0" * 40,
            "filename": name,
            "status": file.get("status", "modified"),
            "additions": 1,
            "deletions": 1,
            "changes": 2,
            "blob_url": f"{page}/blob/{pull.head}/{name}",
            "raw_url": f"{page}/raw/{pull.head}/{name}",
            "contents_url": f"{self._api}/repos/{repository}/contents/{name}?ref={pull.head}",
        }
        if "previous_filename" in file:
            entry["previous_filename"] = file["previous_filename"]
        return entry

    def entry(self, repository: str, commit: str, path: str, file: File | None) -> dict[str, Any]:
        """One line of a folder's listing, or the head of a file's own answer; file None is a folder."""
        url = f"{self._api}/repos/{repository}/contents/{path}?ref={commit}"
        page = f"{self._site}/{repository}/blob/{commit}/{path}"
        sha = file.sha if file else f"{number_for(path):040x}"
        git = f"{self._api}/repos/{repository}/git/{'blobs' if file else 'trees'}/{sha}"
        return {
            "name": path.rpartition("/")[2],
            "path": path,
            "sha": sha,
            "size": len(file.data) if file and file.kind == "file" else 0,
            "type": file.kind if file else "dir",
            "url": url,
            "html_url": page,
            "git_url": git,
            "download_url": page if file and file.kind == "file" else None,
            "_links": {"self": url, "git": git, "html": page},
        }
