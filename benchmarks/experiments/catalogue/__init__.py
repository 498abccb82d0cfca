"""Changes to the product's code that experiments plant: patches, loaded, applied and refreshed.

A catalogue is a folder `<experiment>/catalogue/<component>/<name>/` of `change.toml` and one patch
for each architecture. Patches are applied to a temporary index; the checkout stays as it is.
"""
