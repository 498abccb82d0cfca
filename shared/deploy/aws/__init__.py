"""The AWS templates: checked, evaluated, and deployed to an emulator. They lie with their units."""
