"""The project: settings, paths and processes. Imports all apps; imported by none."""
