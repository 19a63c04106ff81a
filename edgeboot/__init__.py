"""Whether edge nodes will boot: real DHCP on a real segment, held against a contract.

The package is the library behind the suite in ``tests/e2e``; it never imports pytest.
``docs/architecture.md`` shows its rooms.
"""

__version__ = "0.1.0"
