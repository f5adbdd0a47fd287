"""What networks share that learn to tell ids apart."""

from __future__ import annotations

from collections.abc import Sequence

import wrapt

from mimii_bench.systems.learning.network import NetworkSystem
from mimii_bench.util.errors import UserError

torch = wrapt.lazy_import("torch")


class IdNetwork(NetworkSystem):
    """A network that learns on normal clips which id they are of.

    A subclass keeps the ids that it was trained on as `ids` of what its network is built from.
    """

    learns = "id"

    @property
    def ids(self) -> list[str]:
        """The ids that it tells apart, in the order of the classes."""
        return self._inputs["ids"]

    def _distinct(self, ids: Sequence[str], needs: str) -> list[str]:
        """Return each of the ids of training clips once; raises UserError for fewer than two."""
        found = sorted(set(map(str, ids)))
        if len(found) < 2:
            raise UserError(
                f"the training clips have only one id ({', '.join(found)}), and {needs}"
            )
        return found

    def _known(self, id: str) -> str:
        """Return an id that it was trained on; raises UserError for others."""
        if id not in self.ids:
            raise UserError(
                f"id {id} is not one of those trained on ({', '.join(self.ids)}); "
                "give it normal training clips or leave it out"
            )
        return id

    def _place(self, id: str) -> int:
        return self.ids.index(self._known(id))

    def _shares(self, ids: Sequence[str]) -> torch.Tensor:
        """Return the share of each class in each clip (clip, class): all of its own id."""
        places = torch.tensor([self._place(str(id)) for id in ids])
        return torch.nn.functional.one_hot(places, len(self.ids)).float()
