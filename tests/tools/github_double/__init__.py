"""A GitHub for tests: a real HTTP server that answers what GitHub's API description says."""

from github_double.contract import Contract, load
from github_double.faults import Fault, Plan
from github_double.server import Double
from github_double.world import Account, Artifact, Comment, File, Pull, Repository, Run, World

__all__ = [
    "Account",
    "Artifact",
    "Comment",
    "Contract",
    "Double",
    "Fault",
    "File",
    "Plan",
    "Pull",
    "Repository",
    "Run",
    "World",
    "load",
]
