"""Two outlets that live for months, and eight ways in which they break."""
