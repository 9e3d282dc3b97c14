"""The specification of docs/assignment.md in Python, which needs nothing else.

    seed = hash_text(hash_text(hash_text(0, project), experiment_id), salt)
    arm, takes_part = Assignment(seed, [1, 1], control=0, coverage=1).place_of("ada")
"""

import itertools

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def _mix(x):
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def hash_text(seed, text):
    """The 64-bit hash of a text, or of bytes, under a seed."""
    data = text.encode() if isinstance(text, str) else text
    value = _mix(((seed + GOLDEN) & MASK) ^ len(data))
    for i in range(0, len(data), 8):
        value = _mix(((value + GOLDEN) & MASK) ^ int.from_bytes(data[i : i + 8], "little"))
    return _mix((value + GOLDEN) & MASK)


class Assignment:
    """Deals the units of one experiment. Immutable."""

    def __init__(self, seed, weights, control, coverage):
        self._seed, self._control, self._coverage = seed, control, coverage
        largest = max(weights)
        total = 0.0
        for weight in weights:
            total += weight / largest
        self._shares = [weight / largest / total for weight in weights]
        self._ends = list(itertools.accumulate(self._shares))

    def hash_of(self, unit_id):
        return hash_text(self._seed, unit_id)

    def place_at(self, value):
        """Arm's index and whether it takes part, of the unit with this hash."""
        position = (value >> 11) * 2.0**-53
        arm = 0
        while arm + 1 < len(self._ends) and position >= self._ends[arm]:
            arm += 1
        if self._coverage >= 1:
            return arm, True
        covered = self._coverage * self._shares[arm]
        if arm == self._control:
            return arm, position >= self._ends[arm] - covered
        return arm, position < (self._ends[arm - 1] if arm else 0.0) + covered

    def place_of(self, unit_id):
        return self.place_at(self.hash_of(unit_id))
