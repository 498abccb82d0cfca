"""What each role of a template permits, as policy documents that IAM would get."""

import json

from aws.templates import Template


def documents(template: Template, role: str) -> list[str]:
    """Return the resolved policy documents of a role, as JSON."""
    properties = template.properties(role)
    return [json.dumps(policy["PolicyDocument"]) for policy in properties.get("Policies", [])]


def roles(template: Template) -> list[str]:
    """Return the roles that the stack creates."""
    return list(template.of_type("AWS::IAM::Role"))
