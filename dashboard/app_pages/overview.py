"""Overview: where things stand."""

from dashboard import components
from dashboard.i18n import _

components.headline(_("Overview"), "")
