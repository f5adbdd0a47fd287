"""The ground: errors, whole files, seeds, small CSV and YAML files, plugins, source."""
