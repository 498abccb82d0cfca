"""Changes to the product's code that the experiments release or offer, as commits of nobody's."""
