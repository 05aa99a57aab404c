"""``python -m ltisys.testing`` runs the laws of convolution on NumPy, SciPy, PyTorch if it is there, and ltisys."""

from .peers import table

if __name__ == "__main__":
    print(table(), end="")
