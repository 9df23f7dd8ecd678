"""What is done with organisations, their people and their machines' credentials."""

from tutela.accounts.actions.credentials import (
    Given,
    give_credential,
    revoke_credential,
    rotate_credential,
    who_presents,
)
from tutela.accounts.actions.people import (
    activate_person,
    add_organisation,
    add_person,
    change_roles,
    end_person,
    give_new_password,
    record_sign_in,
)

__all__ = [
    "Given",
    "activate_person",
    "add_organisation",
    "add_person",
    "change_roles",
    "end_person",
    "give_credential",
    "give_new_password",
    "record_sign_in",
    "revoke_credential",
    "rotate_credential",
    "who_presents",
]
