"""A template as data, with its intrinsic functions resolved as CloudFormation resolves them.

Parameters have their defaults or a value made of their name, other stacks' exports a value made of
the export's name, and resources the names and ARNs that AWS would give them in one made-up account.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

ACCOUNT, REGION, PARTITION = "111122223333", "us-east-1", "aws"
_VARIABLE = re.compile(r"\$\{([A-Za-z][\w:]*)(?:\.([\w.]+))?\}")
_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105 - a type
_ABSENT = object()  # Ref: AWS::NoValue

# The ARN of a resource by its type, from its name
_ARNS = {
    "AWS::S3::Bucket": "arn:{partition}:s3:::{name}",
    "AWS::DynamoDB::Table": "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    "AWS::SQS::Queue": "arn:{partition}:sqs:{region}:{account}:{name}",
    "AWS::Logs::LogGroup": "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
    _SECRET: "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}",
    "AWS::IAM::Role": "arn:{partition}:iam::{account}:role/{name}",
}


class UnknownIntrinsic(Exception):
    """A template uses what this module doesn't resolve."""


@dataclass(frozen=True)
class Template:
    """A template, the name of its stack, and the values of its parameters."""

    path: Path
    stack: str
    parameters: Mapping[str, str]

    @cached_property
    def document(self) -> dict[str, Any]:
        """Return the template as it is written."""
        content: dict[str, Any] = yaml.safe_load(self.path.read_text(encoding="utf-8"))
        return content

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the resources as they are written, by logical id."""
        found: dict[str, dict[str, Any]] = self.document["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Return the resources of a type that this stack creates, by logical id."""
        return {
            name: resource
            for name, resource in self.resources.items()
            if resource["Type"] == kind and self.is_created(name)
        }

    def is_created(self, name: str) -> bool:
        """Return whether the resource's condition holds, if it has one."""
        condition = self.resources[name].get("Condition")
        return condition is None or self.holds(condition)

    def holds(self, condition: str) -> bool:
        """Return whether a condition of the template holds."""
        return bool(self.resolve(self.document["Conditions"][condition]))

    def properties(self, name: str) -> dict[str, Any]:
        """Return the resolved properties of a resource."""
        found: dict[str, Any] = self.resolve(self.resources[name].get("Properties", {}))
        return found

    def resolve(self, node: Any) -> Any:
        """Return a part of the template with every intrinsic function replaced by its value."""
        if isinstance(node, list):
            return [found for item in node if (found := self.resolve(item)) is not _ABSENT]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((function, argument),) = node.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._call(function, argument)
        return {
            key: found
            for key, value in node.items()
            if (found := self.resolve(value)) is not _ABSENT
        }

    def _call(self, function: str, argument: Any) -> Any:
        method = _FUNCTIONS.get(function)
        if method is None:
            message = f"{self.path}: {function} of {argument!r}"
            raise UnknownIntrinsic(message)
        return method(self, argument)

    def _get_att(self, argument: tuple[str, str]) -> str:
        name, attribute = argument
        return self._attribute(name, attribute)

    def _if(self, argument: tuple[str, Any, Any]) -> Any:
        condition, then, otherwise = argument
        return self.resolve(then if self.holds(condition) else otherwise)

    def _equals(self, argument: tuple[Any, Any]) -> bool:
        left, right = argument
        return str(self.resolve(left)) == str(self.resolve(right))

    def _not(self, argument: list[Any]) -> bool:
        return not self.resolve(argument[0])

    def _import(self, argument: Any) -> str:
        return f"export/{self.resolve(argument)}"

    def _join(self, argument: tuple[str, list[Any]]) -> str:
        separator, items = argument
        return separator.join(str(it) for it in self.resolve(items))

    def _split(self, argument: tuple[str, Any]) -> list[str]:
        separator, text = argument
        return str(self.resolve(text)).split(separator)

    def _select(self, argument: tuple[int, Any]) -> Any:
        index, items = argument
        return self.resolve(items)[index]

    def _zones(self, _argument: str) -> list[str]:
        return [f"{REGION}{letter}" for letter in "abc"]

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::Region": REGION,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": PARTITION,
            "AWS::StackName": self.stack,
            "AWS::NoValue": _ABSENT,
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.document.get("Parameters", {}):
            default = self.document["Parameters"][name].get("Default", f"parameter-{name}")
            return self.parameters.get(name, default)
        if self.resources[name]["Type"] == _SECRET:
            return self._attribute(name, "Arn")
        return self._name(name)

    def _attribute(self, name: str, attribute: str) -> str:
        pattern = _ARNS.get(self.resources[name]["Type"]) if attribute == "Arn" else None
        if pattern is None:
            return f"{self._name(name)}.{attribute}"
        return pattern.format(
            partition=PARTITION, region=REGION, account=ACCOUNT, name=self._name(name)
        )

    def _name(self, name: str) -> str:
        """Return the name of a bucket as it is given, and of others one that is made up."""
        given = self.resources[name].get("Properties", {}).get("BucketName")
        return f"{self.stack}-{name}" if given is None else str(self.resolve(given))

    def _sub(self, argument: str | tuple[str, dict[str, Any]]) -> str:
        text, own = (argument, {}) if isinstance(argument, str) else argument
        values = {name: self.resolve(it) for name, it in own.items()}

        def value(found: re.Match[str]) -> str:
            name, attribute = found.groups()
            if name in values:
                return str(values[name])
            return str(self._attribute(name, attribute) if attribute else self._ref(name))

        return _VARIABLE.sub(value, text)


_FUNCTIONS: dict[str, Callable[[Template, Any], Any]] = {
    "Ref": Template._ref,
    "Fn::Equals": Template._equals,
    "Fn::GetAZs": Template._zones,
    "Fn::GetAtt": Template._get_att,
    "Fn::If": Template._if,
    "Fn::ImportValue": Template._import,
    "Fn::Join": Template._join,
    "Fn::Not": Template._not,
    "Fn::Select": Template._select,
    "Fn::Split": Template._split,
    "Fn::Sub": Template._sub,
}
