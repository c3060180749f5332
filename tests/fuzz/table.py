"""What comes in from outside, which files read it, and which tests try anything there.

Run `python -m tests.fuzz.table` to print it with the number of inputs. `test_table.py` holds it against the code.
"""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from tests.fuzz.campaign import LONG_COUNT

ROOT = Path(__file__).parents[2]
_UPY = "tests/firmware/"


@dataclass(frozen=True)
class Row:
    """One thing that comes in."""

    name: str
    modules: tuple[str, ...]
    """Files that read it, as patterns."""
    tests: tuple[str, ...]
    """`file::function`."""


WATCH = "firmware/watch/"
HOST = "host_tools/tapwatch/"
MESSAGES = _UPY + "exchange/upy_fuzz_messages.py::test_bodies_of_every_kind"
CARD = _UPY + "payment/upy_card_fuzz.py::test_commands"
TERMINAL = "tests/fuzz/test_fuzz_terminal.py::"
SIGNING = "tests/fuzz/test_fuzz_signing.py::"
BANK = "tests/fuzz/test_fuzz_bank.py::"
STORE = "tests/fuzz/test_fuzz_store.py::"
PACKER = "tests/host/apps/test_pack_fuzz.py::"
PHONE = "tests/fuzz/test_fuzz_phone.py::"
SIM = "tests/fuzz/test_fuzz_simulator.py::"
DEVICE = "tests/fuzz/test_fuzz_device.py::"
ENVELOPES = _UPY + "crypto/upy_fuzz_envelopes.py::"
STACK = _UPY + "ble/upy_fuzz_stack.py::"
SERVICES = _UPY + "ble/upy_fuzz_services.py::"
LINES = _UPY + "ble/phone_link/upy_fuzz_lines.py::"
UPDATE = _UPY + "update/upy_fuzz_update.py::"
RECORDS = _UPY + "system/upy_fuzz_records.py::"

TABLE = (
    # The watch: near field.
    Row(
        "registers and FIFO of the radio",
        ("firmware/drivers/st25r3916*.py", "board/simulator/chips/*.py"),
        (
            _UPY + "drivers/upy_fuzz_st25r3916.py::test_any_order_of_reader_chip_and_watch",
            _UPY + "drivers/upy_fuzz_st25r3916.py::test_a_broken_chip_is_an_error_or_silence",
        ),
    ),
    Row(
        "registers of the clock chips",
        ("firmware/drivers/pcf*.py", "board/simulator/chips/pcf*.py"),
        (
            _UPY + "drivers/upy_rtc_chips.py::test_noise_is_a_time_of_the_century_or_none",
            _UPY + "drivers/upy_rtc_chips.py::test_nonsense_in_the_registers_is_no_time",
        ),
    ),
    Row(
        "events of the sensor hub",
        ("firmware/drivers/bhi260ap*.py",),
        (
            _UPY + "drivers/upy_motion_fuzz.py::test_blocks",
            _UPY + "drivers/upy_motion_fuzz.py::test_any_read_of_a_fifo",
        ),
    ),
    Row(
        "host frames of the development radio",
        ("firmware/drivers/pn532*.py",),
        (
            _UPY + "drivers/upy_fuzz_pn532.py::test_frames_out_of_any_bytes",
            _UPY + "drivers/upy_fuzz_pn532.py::test_a_broken_chip_is_an_error_or_silence",
            _UPY + "drivers/upy_fuzz_pn532.py::test_any_order_of_reader_wire_and_watch",
        ),
    ),
    Row(
        "ISO-DEP frames",
        (WATCH + "nfc/isodep.py", WATCH + "nfc/cid.py", WATCH + "nfc/session.py", WATCH + "nfc/ats.py"),
        (
            _UPY + "nfc/upy_fuzz_frames.py::test_frames",
            _UPY + "nfc/upy_fuzz_tag.py::test_frames_with_every_option",
        ),
    ),
    Row(
        "APDUs: router, directories, every profile",
        (
            WATCH + "nfc/apdu.py",
            WATCH + "nfc/router.py",
            WATCH + "payment/application.py",
            WATCH + "payment/card.py",
            WATCH + "payment/commands.py",
            WATCH + "payment/entrance.py",
            WATCH + "payment/kernel*.py",
            WATCH + "payment/pin.py",
            WATCH + "payment/ppse.py",
            WATCH + "payment/pse.py",
            WATCH + "payment/armed.py",
            WATCH + "payment/cryptogram.py",
            WATCH + "system/taps.py",
            WATCH + "system/broken.py",
        ),
        (CARD,),
    ),
    Row(
        "numbers and lists in commands",
        (WATCH + "payment/tlv.py", WATCH + "payment/terminal.py"),
        (
            CARD,
            _UPY + "payment/upy_card_fuzz.py::test_numbers",
        ),
    ),
    Row("NDEF tag commands", (WATCH + "nfc/ndef.py",), (_UPY + "nfc/upy_fuzz_tag.py::test_tag_commands",)),
    Row(
        "the wearer's own NDEF message",
        (WATCH + "nfc/ndef_records.py", WATCH + "system/tag.py"),
        (
            _UPY + "nfc/upy_fuzz_tag.py::test_own_record",
            "tests/interop/nfc/test_ndef_fuzz.py::test_what_is_broken_is_refused",
            MESSAGES,
        ),
    ),
    # The watch: messages.
    Row(
        "USB framing",
        (WATCH + "exchange/frames.py", WATCH + "exchange/usb.py"),
        (_UPY + "exchange/upy_fuzz_messages.py::test_framing",),
    ),
    Row(
        "messages of every kind",
        (
            WATCH + "exchange/messages.py",
            WATCH + "system/answers.py",
            WATCH + "system/apps/messages.py",
            WATCH + "system/updating/messages.py",
            WATCH + "system/updating/course.py",
            WATCH + "system/apps/draft.py",
            WATCH + "system/apps/enrolling.py",
            WATCH + "system/apps/installs.py",
            WATCH + "kernel/clock.py",
        ),
        (
            MESSAGES,
            _UPY + "exchange/upy_fuzz_messages.py::test_raw_messages",
        ),
    ),
    Row(
        "CBOR and UTF-8",
        (WATCH + "crypto/cbor.py", WATCH + "crypto/utf8.py"),
        (
            ENVELOPES + "test_cbor",
            ENVELOPES + "test_lengths_that_wrap",
            ENVELOPES + "test_utf8",
        ),
    ),
    Row(
        "signed envelopes",
        (WATCH + "crypto/cose.py", WATCH + "crypto/p256.py"),
        (
            ENVELOPES + "test_envelopes",
            ENVELOPES + "test_signatures_of_changed_envelopes",
            ENVELOPES + "test_public_keys",
        ),
    ),
    Row(
        "ciphertexts",
        (WATCH + "crypto/gcm.py", WATCH + "crypto/siv.py", WATCH + "crypto/hpke.py"),
        (
            ENVELOPES + "test_ciphertexts",
            ENVELOPES + "test_hpke",
        ),
    ),
    Row(
        "certificates",
        (WATCH + "crypto/certificate.py", WATCH + "access/identity.py"),
        (
            ENVELOPES + "test_certificates",
            _UPY + "exchange/upy_fuzz_messages.py::test_a_new_watch_takes_nothing_malformed",
            MESSAGES,
        ),
    ),
    Row(
        "token packages",
        (
            WATCH + "payment/issuance.py",
            WATCH + "payment/package.py",
            WATCH + "payment/token.py",
            WATCH + "payment/token_data.py",
            WATCH + "payment/shape.py",
            WATCH + "payment/vault.py",
            WATCH + "payment/atc.py",
            WATCH + "payment/key_store.py",
            WATCH + "payment/versions.py",
        ),
        (
            _UPY + "payment/upy_fuzz_package.py::test_plaintexts",
            _UPY + "payment/upy_fuzz_package.py::test_envelopes_of_the_right_service",
            _UPY + "payment/upy_fuzz_package.py::test_each_field_at_its_edges",
            _UPY + "payment/upy_fuzz_package.py::test_sizes",
        ),
    ),
    Row("notices, token states, device states", (WATCH + "payment/notices.py",), (MESSAGES,)),
    Row(
        "merchants' codes",
        (
            WATCH + "payment/merchant_code.py",
            WATCH + "payment/merchant_payment.py",
            WATCH + "payment/merchant_text.py",
            WATCH + "payment/countries.py",
            WATCH + "screens/amount_entry.py",
            WATCH + "screens/merchant_code.py",
            WATCH + "system/presenting.py",
        ),
        (_UPY + "payment/upy_fuzz_merchant_code.py::test_merchant_codes", MESSAGES),
    ),
    Row(
        "card art",
        (WATCH + "system/art.py", WATCH + "ui/picture.py"),
        (
            _UPY + "system/upy_fuzz_art.py::test_files",
            _UPY + "system/upy_fuzz_art.py::test_parts",
            _UPY + "system/upy_fuzz_art.py::test_sizes",
        ),
    ),
    # The watch: its flash.
    Row(
        "journal on flash",
        (
            WATCH + "storage/journal.py",
            WATCH + "storage/log.py",
            WATCH + "storage/record.py",
            WATCH + "storage/recovery.py",
            WATCH + "storage/sector.py",
            WATCH + "storage/nor.py",
        ),
        (
            _UPY + "storage/upy_fuzz_images.py::test_damaged_images",
            _UPY + "storage/upy_fuzz_images.py::test_forged_journals",
        ),
    ),
    Row(
        "sealed records",
        (
            WATCH + "storage/sealed.py",
            WATCH + "access/records.py",
            WATCH + "access/receipt_key.py",
            WATCH + "access/lost.py",
            WATCH + "payment/history.py",
            WATCH + "payment/spending.py",
            WATCH + "payment/codes.py",
            WATCH + "payment/slot.py",
            WATCH + "payment/own_limit.py",
        ),
        (_UPY + "storage/upy_fuzz_images.py::test_sealed_records", RECORDS + "test_records_under_the_device_key"),
    ),
    Row(
        "records without seal",
        (
            WATCH + "storage/counters.py",
            WATCH + "storage/settings.py",
            WATCH + "access/lock.py",
        ),
        (_UPY + "storage/upy_fuzz_images.py::test_counters", RECORDS + "test_records_without_seal"),
    ),
    # The simulated board.
    Row(
        "virtual PC/SC reader, antenna",
        ("board/simulator/vpcd.py", "board/simulator/antenna.py"),
        (
            _UPY + "board/upy_fuzz_vpcd.py::test_messages_of_a_virtual_reader",
            _UPY + "board/upy_fuzz_vpcd.py::test_datagrams_of_an_antenna",
        ),
    ),
    Row(
        "messages about Bluetooth, in the watch",
        ("board/simulator/radio/*.py",),
        (_UPY + "board/upy_fuzz_radio.py::test_messages_about_bluetooth",),
    ),
    Row(
        "host link, in the watch",
        ("board/simulator/link.py", "board/simulator/usb.py"),
        (_UPY + "board/upy_simulator.py::test_noise_raises_declared_errors_only",),
    ),
    # The terminal.
    Row(
        "BER-TLV and lists from cards",
        (HOST + "terminal/emv/tlv.py", HOST + "terminal/emv/dol.py"),
        (
            TERMINAL + "test_tlv",
            TERMINAL + "test_lists_of_wanted_objects",
        ),
    ),
    Row(
        "directory, card data, flows",
        (
            HOST + "terminal/emv/entry_point.py",
            HOST + "terminal/emv/card_data.py",
            HOST + "terminal/emv/kernel*.py",
            HOST + "terminal/emv/checks.py",
            HOST + "terminal/channel.py",
            HOST + "terminal/emv/apdu.py",
        ),
        (
            TERMINAL + "test_directory_and_selection",
            TERMINAL + "test_card_data",
            "tests/host/terminal/test_fuzz.py::test_every_changed_byte",
            "tests/host/terminal/test_fuzz.py::test_random_answers",
        ),
    ),
    Row(
        "frames of a card",
        (
            HOST + "terminal/readers/isodep.py",
            HOST + "terminal/readers/antenna.py",
            HOST + "terminal/readers/activation.py",
            HOST + "terminal/readers/t0.py",
            HOST + "terminal/readers/builtin.py",
        ),
        (
            TERMINAL + "test_reader_frames",
            TERMINAL + "test_activation",
            TERMINAL + "test_datagrams",
            TERMINAL + "test_contact_cards",
            TERMINAL + "test_a_card_that_chains_for_ever_is_left",
        ),
    ),
    Row(
        "a watch's payment service",
        (HOST + "terminal/readers/ble_card.py",),
        (TERMINAL + "test_watches_over_bluetooth",),
    ),
    Row("what is shown of answers", (HOST + "terminal/show/*.py",), (TERMINAL + "test_shown_values",)),
    Row(
        "scanned codes and pictures",
        (HOST + "terminal/scan/*.py",),
        (
            "tests/host/terminal/test_scan_fuzz.py::test_broken_codes_never_crash",
            TERMINAL + "test_pictures",
            TERMINAL + "test_scanned_texts_are_covered_elsewhere",
        ),
    ),
    Row(
        "APDU shell and its scripts",
        (HOST + "terminal/shell/*.py",),
        (
            "tests/host/terminal/test_fuzz_shell.py::test_any_line_is_done_or_refused",
            "tests/host/terminal/test_fuzz_shell.py::test_any_answer_can_be_shown_and_remembered",
        ),
    ),
    Row("typed amounts", (HOST + "terminal/amount.py",), (TERMINAL + "test_typed_amounts",)),
    Row("the terminal's own file", (HOST + "terminal/state.py",), (TERMINAL + "test_state_files",)),
    # The packer.
    Row(
        "projects of apps, their sources and archives",
        (HOST + "apps/project.py", HOST + "apps/compile.py", HOST + "apps/archive.py"),
        (
            PACKER + "test_mutated_sources",
            PACKER + "test_mutated_tables",
            PACKER + "test_mutated_archives",
        ),
    ),
    Row("pictures of projects", (HOST + "apps/pictures.py",), (PACKER + "test_mutated_pictures",)),
    Row("bundles on the host", (HOST + "apps/bundle.py",), (PACKER + "test_mutated_bundles",)),
    # The store.
    Row(
        "publications and listings at the store",
        (
            HOST + "store/publication.py",
            HOST + "store/submissions.py",
            HOST + "store/packing.py",
            HOST + "store/listing.py",
            HOST + "store/developers.py",
            HOST + "store/reviews.py",
        ),
        (STORE + "test_publications", STORE + "test_listings"),
    ),
    Row(
        "requests at the store",
        (
            HOST + "store/http_*.py",
            HOST + "store/service.py",
            HOST + "store/catalogue.py",
            HOST + "store/offers.py",
            HOST + "store/orders.py",
            HOST + "store/licences.py",
            HOST + "store/parties.py",
            HOST + "store/contracts.py",
            HOST + "store/sharing.py",
        ),
        (STORE + "test_arguments",),
    ),
    Row(
        "statements and pages of the store",
        (HOST + "store/statements.py", HOST + "store/months.py", HOST + "store/regions.py", HOST + "store/pages.py"),
        (STORE + "test_small_texts", STORE + "test_pages_of_strangers"),
    ),
    Row("key files of the store", (HOST + "store/keyring.py",), (STORE + "test_key_files",)),
    Row("answers of a store", (HOST + "store/client.py",), (STORE + "test_answers_of_a_store",)),
    # Between terminal and bank.
    Row(
        "ISO 8583 and field 55",
        (
            HOST + "acquiring/spec.py",
            HOST + "acquiring/icc.py",
            HOST + "acquiring/framing.py",
            HOST + "acquiring/client.py",
            HOST + "bank/requests.py",
            HOST + "bank/chip.py",
            HOST + "bank/presented.py",
            HOST + "bank/iso_server.py",
        ),
        (
            TERMINAL + "test_field_55_and_messages",
            BANK + "test_requests_of_acquirers",
            BANK + "test_chip_data",
            "tests/host/bank/test_fuzz.py::test_random_chip_data_never_crash",
            "tests/host/bank/test_fuzz.py::test_random_messages_never_crash",
        ),
    ),
    # The bank.
    Row(
        "HTTP bodies at the bank",
        (
            HOST + "bank/http_server.py",
            HOST + "bank/http_views.py",
            HOST + "bank/limits.py",
            HOST + "bank/products.py",
            HOST + "bank/wallet.py",
            HOST + "bank/receipts.py",
            HOST + "bank/device_states.py",
            HOST + "bank/service.py",
            HOST + "bank/ledger.py",
            HOST + "bank/art/files.py",
            HOST + "bank/actions.py",
            HOST + "bank/arguments.py",
            HOST + "bank/customer_*.py",
            HOST + "bank/customers.py",
            HOST + "bank/enrolments.py",
            HOST + "bank/passwords.py",
            HOST + "bank/http_guard.py",
        ),
        (BANK + "test_arguments_of_every_path", BANK + "test_bodies_over_http"),
    ),
    Row(
        "what watches sign",
        (
            HOST + "bank/payloads.py",
            HOST + "bank/devices.py",
            HOST + "bank/issuance.py",
            HOST + "bank/merchant_desk.py",
            HOST + "bank/package.py",
        ),
        (BANK + "test_what_watches_sign", "tests/host/bank/test_codes_merchant.py::test_broken_payments_never_crash"),
    ),
    Row(
        "polls of the mailbox",
        (HOST + "bank/mailbox.py", HOST + "bank/errands.py", HOST + "bank/strangers.py"),
        (BANK + "test_polls_of_the_mailbox",),
    ),
    Row(
        "18-digit codes",
        (HOST + "bank/codes.py", HOST + "bank/code_*.py"),
        ("tests/host/bank/test_codes.py::test_random_and_near_codes",),
    ),
    Row(
        "merchants' codes at the bank",
        (HOST + "bank/merchant_codes.py",),
        ("tests/host/bank/test_codes_merchant.py::test_broken_codes_never_crash",),
    ),
    Row("card art at the bank", (HOST + "bank/art/form.py",), (BANK + "test_card_art",)),
    Row(
        "files of keys, registers, names of keys in tokens",
        (HOST + "signing/key_file.py", HOST + "signing/register.py", HOST + "signing/token_uri.py"),
        (SIGNING + "test_key_files", SIGNING + "test_registers", SIGNING + "test_names_of_tokens"),
    ),
    Row(
        "what `tapwatch verify` reads",
        (
            HOST + "signing/bundle_check.py",
            HOST + "signing/forms.py",
            HOST + "signing/manifest_form.py",
            HOST + "signing/revocations.py",
        ),
        (
            SIGNING + "test_bundles",
            SIGNING + "test_manifests_and_files",
            SIGNING + "test_payloads",
            SIGNING + "test_revocation_lists",
        ),
    ),
    Row("key folders", (HOST + "bank/keyring.py", HOST + "signing/keys.py"), (BANK + "test_key_folders",)),
    Row(
        "CBOR, envelopes, certificates on the host",
        (
            HOST + "signing/cbor.py",
            HOST + "signing/envelope.py",
            HOST + "signing/certificates.py",
            HOST + "signing/public.py",
        ),
        (
            BANK + "test_cbor",
            BANK + "test_envelopes_and_certificates",
        ),
    ),
    # The watch: Bluetooth.
    Row(
        "what devices and the stack do at any time",
        (
            WATCH + "ble/interrupts.py",
            WATCH + "ble/link.py",
            WATCH + "ble/pairing.py",
            WATCH + "ble/radio.py",
            WATCH + "ble/bonds.py",
        ),
        (STACK + "test_any_event_at_any_time", SERVICES + "test_records_of_the_identity"),
    ),
    Row("records of bonds", (WATCH + "ble/bond.py",), (SERVICES + "test_records_of_bonds",)),
    Row(
        "what a phone answers to the watch",
        (WATCH + "ble/client.py", WATCH + "ble/names.py", WATCH + "ble/standard.py"),
        (STACK + "test_answers_to_questions", SERVICES + "test_time_of_a_phone"),
    ),
    Row(
        "notifications and player of an iPhone",
        (WATCH + "ble/ancs.py", WATCH + "ble/ams.py", WATCH + "ble/attributes.py", WATCH + "ble/text.py"),
        (
            SERVICES + "test_answers_of_an_iphone",
            SERVICES + "test_events_of_an_iphone",
            SERVICES + "test_updates_of_a_player",
        ),
    ),
    Row(
        "control point of a television",
        (WATCH + "ble/hid/service.py",),
        (SERVICES + "test_control_point_of_a_television",),
    ),
    Row(
        "commands and name of a terminal",
        (WATCH + "ble/apdu_parts.py", WATCH + "ble/payment_service.py"),
        (SERVICES + "test_parts_and_names_of_a_terminal",),
    ),
    Row(
        "lines of a phone",
        (
            WATCH + "ble/phone_link/lines.py",
            WATCH + "ble/phone_link/literal.py",
            WATCH + "ble/phone_link/strings.py",
            WATCH + "ble/phone_link/pictures.py",
            WATCH + "ble/phone_link/service.py",
        ),
        (LINES + "test_lines_through_all_services", LINES + "test_literals", LINES + "test_pictures"),
    ),
    Row(
        "fragments of messages over Bluetooth",
        (WATCH + "ble/transfers.py", WATCH + "ble/exchange_service.py"),
        (_UPY + "ble/upy_transfers.py::test_against_the_model",),
    ),
    Row(
        "what a bank says through the mailbox",
        (WATCH + "exchange/mailbox.py",),
        (_UPY + "exchange/upy_mailbox.py::test_anything_a_bank_may_say",),
    ),
    # The phone and the simulator.
    Row(
        "words of the phone, and what the wearer set",
        (WATCH + "services/*.py",),
        (
            _UPY + "services/upy_fuzz_phone.py::test_messages",
            _UPY + "services/upy_fuzz_phone.py::test_texts",
            _UPY + "services/upy_fuzz_phone.py::test_alarm_records",
        ),
    ),
    Row(
        "what an app says of itself, and its settings on flash",
        (WATCH + "apps/shelf/manifest.py", WATCH + "apps/settings.py"),
        (
            _UPY + "apps/upy_fuzz_apps.py::test_manifests",
            _UPY + "apps/upy_fuzz_apps.py::test_settings_records",
        ),
    ),
    Row(
        "bytecode of apps",
        (
            WATCH + "apps/verifier/mpy_*.py",
            WATCH + "apps/verifier/prelude.py",
            WATCH + "apps/verifier/opcodes.py",
            WATCH + "apps/verifier/naming.py",
            WATCH + "apps/verifier/kinds.py",
            WATCH + "apps/verifier/flow.py",
            WATCH + "apps/verifier/effects*.py",
            WATCH + "apps/verifier/spending.py",
            WATCH + "apps/verifier/function.py",
            WATCH + "apps/verifier/bytecode.py",
        ),
        (_UPY + "apps/upy_fuzz_bytecode.py::test_modules",),
    ),
    Row(
        "bundles, and what comes with them",
        (
            WATCH + "apps/shelf/bundle.py",
            WATCH + "apps/shelf/forms.py",
            WATCH + "apps/shelf/pictures.py",
            WATCH + "apps/shelf/trust.py",
            WATCH + "apps/shelf/words_file.py",
            WATCH + "ui/image.py",
        ),
        (
            _UPY + "apps/upy_fuzz_bundles.py::test_bundle_files",
            _UPY + "apps/upy_fuzz_bundles.py::test_words",
            _UPY + "apps/upy_fuzz_bundles.py::test_pictures",
            _UPY + "apps/upy_fuzz_bundles.py::test_pictures_that_nobody_checked",
            _UPY + "apps/upy_fuzz_bundles.py::test_a_manifest_with_a_signature",
        ),
    ),
    Row(
        "reviews, licences, revocations, keys of developers",
        (
            WATCH + "apps/shelf/review.py",
            WATCH + "apps/shelf/licences.py",
            WATCH + "apps/shelf/revocations.py",
            WATCH + "apps/shelf/developers.py",
        ),
        (
            _UPY + "apps/upy_fuzz_bundles.py::test_what_a_store_signs",
            _UPY + "apps/upy_fuzz_bundles.py::test_lists_of_revocations",
            _UPY + "apps/upy_fuzz_bundles.py::test_keys_and_names_of_developers",
        ),
    ),
    Row(
        "what a watch on a cable says while it is made",
        (HOST + "device/serial_watch.py", HOST + "device/provisioning.py", HOST + "device/self_test.py"),
        (
            DEVICE + "test_a_watch_that_lies_while_it_is_provisioned",
            DEVICE + "test_a_watch_that_lies_about_how_it_is",
            DEVICE + "test_anything_on_the_port",
        ),
    ),
    Row(
        "backups of what a wearer has set",
        (WATCH + "system/workbench/backup.py", HOST + "device/backup.py"),
        (
            _UPY + "system/upy_workbench.py::test_what_is_no_backup_changes_nothing",
            _UPY + "system/upy_workbench.py::test_a_backup_with_any_byte_changed",
            "tests/host/device/test_backup_file.py::test_a_changed_file_is_refused",
            "tests/host/device/test_backup_file.py::test_what_is_no_backup_is_refused",
        ),
    ),
    Row(
        "what a watch on the desk says",
        tuple(HOST + f"device/{name}.py" for name in ("repl", "screenshot", "logs", "look_repl", "look_running")),
        (
            "tests/host/device/test_backup_file.py::test_blocks_come_whole_or_not_at_all",
            "tests/host/device/test_backup_file.py::test_strips_that_are_no_picture_are_refused",
            "tests/host/device/test_doctor.py::test_a_watch_that_speaks_nonsense_is_an_error",
        ),
    ),
    Row(
        "system images and deltas on a computer",
        tuple(HOST + f"images/{name}.py" for name in ("container", "check", "delta", "statement")),
        (
            "tests/host/images/test_check.py::test_every_changed_bit_is_noticed",
            "tests/host/images/test_check.py::test_every_other_length_is_noticed",
            "tests/host/images/test_check.py::test_a_head_of_another_form_is_refused",
            "tests/host/images/test_delta.py::test_a_wrong_delta_makes_nothing",
        ),
    ),
    Row(
        "what a watch says while it is updated",
        (HOST + "phone/update_desk.py",),
        ("tests/host/update/test_course.py::test_an_answer_that_makes_no_sense",),
    ),
    Row(
        "system images, deltas, and how they come",
        (
            WATCH + "update/head.py",
            WATCH + "update/statement.py",
            WATCH + "update/index.py",
            WATCH + "update/image.py",
            WATCH + "update/delta.py",
            WATCH + "update/incoming.py",
            WATCH + "update/floor.py",
            WATCH + "update/files.py",
            WATCH + "update/work.py",
            WATCH + "update/check.py",
            WATCH + "update/signers.py",
            WATCH + "update/updates.py",
        ),
        (
            UPDATE + "test_heads",
            UPDATE + "test_statements",
            UPDATE + "test_indexes",
            UPDATE + "test_images",
            UPDATE + "test_deltas",
            UPDATE + "test_steps_of_deltas",
            UPDATE + "test_parts_in_any_order",
            UPDATE + "test_notes_on_flash",
            UPDATE + "test_records_of_the_floor",
            UPDATE + "test_whole_courses",
        ),
    ),
    Row(
        "slot records, and images at a start",
        (WATCH + "update/slots.py",),
        (
            _UPY + "update/upy_fuzz_boot.py::test_records_in_the_running_watch",
            _UPY + "update/upy_fuzz_boot.py::test_records_at_a_start",
            _UPY + "update/upy_fuzz_boot.py::test_images_at_a_start",
        ),
    ),
    Row("JSON of apps", (WATCH + "apps/plain.py",), (_UPY + "apps/upy_fuzz_apps.py::test_json",)),
    Row(
        "what apps hand to their capabilities",
        (
            WATCH + "system/apps/marks.py",
            WATCH + "system/apps/notify.py",
            WATCH + "system/apps/payments.py",
            WATCH + "system/apps/motion.py",
            WATCH + "system/apps/sound.py",
            WATCH + "system/apps/storage.py",
            WATCH + "system/apps/web.py",
        ),
        (
            _UPY + "system/upy_app_capabilities.py::test_nonsense_changes_nothing",
            _UPY + "system/upy_app_capabilities.py::test_addresses",
            _UPY + "system/upy_app_payment.py::test_floods_and_nonsense",
        ),
    ),
    Row(
        "names of files of apps",
        (WATCH + "apps/shelf/app_files.py",),
        (_UPY + "apps/upy_fuzz_bundles.py::test_names_of_files",),
    ),
    Row(
        "what a watch answers the phone",
        (HOST + "phone/relay.py", HOST + "phone/answers.py", HOST + "simulator/messages.py"),
        (
            PHONE + "test_between_a_watch_and_a_bank",
            PHONE + "test_what_a_watch_says_of_itself_has_the_right_types",
            PHONE + "test_frames_from_the_watch",
        ),
    ),
    Row(
        "what a bank answers the phone", (HOST + "phone/bank_client.py",), (PHONE + "test_between_a_watch_and_a_bank",)
    ),
    Row(
        "what a bank says of cards to the phone",
        (HOST + "phone/customer.py",),
        (PHONE + "test_what_a_bank_says_of_cards",),
    ),
    Row(
        "what a watch notifies the phone over Bluetooth",
        (HOST + "phone/transfer.py", HOST + "phone/carrier.py", HOST + "phone/ble/gatt.py"),
        (PHONE + "test_what_a_watch_notifies",),
    ),
    Row("the phone's own file", (HOST + "phone/memory.py",), (PHONE + "test_memory_files",)),
    Row(
        "files that the phone brings",
        (HOST + "phone/kinds.py", HOST + "phone/ndef.py"),
        (PHONE + "test_files_to_install",),
    ),
    Row(
        "host link, on the host",
        (HOST + "simulator/frames.py", HOST + "simulator/link.py", HOST + "simulator/panel.py"),
        (
            SIM + "test_frames_of_the_host_link",
            SIM + "test_windows_of_the_panel",
        ),
    ),
    Row(
        "messages about Bluetooth, on the host",
        (HOST + "simulator/radio/*.py",),
        (SIM + "test_messages_about_bluetooth",),
    ),
    Row(
        "report map of the watch",
        (HOST + "simulator/tv/report_map.py",),
        ("tests/host/simulator/test_hid_report_map.py::test_any_bytes_are_parsed_or_refused",),
    ),
    Row(
        "HTTP and input of the simulator",
        (HOST + "simulator/server.py", HOST + "simulator/controls.py"),
        (
            SIM + "test_inputs",
            SIM + "test_http",
        ),
    ),
    Row(
        "sound for the simulated watch",
        (HOST + "simulator/wav.py", HOST + "simulator/sound_desk.py", HOST + "simulator/hearing.py"),
        (SIM + "test_sounds", SIM + "test_http"),
    ),
    Row(
        "options and files of the simulator",
        (
            HOST + "simulator/options.py",
            HOST + "simulator/flash_image.py",
            HOST + "simulator/watch.py",
        ),
        (SIM + "test_options", SIM + "test_flash_images"),
    ),
    Row(
        "weights of the recogniser",
        (WATCH + "voice/weights.py", HOST + "voice/model.py", HOST + "voice/weights_file.py"),
        (
            _UPY + "voice/upy_network.py::test_damage_is_noticed",
            _UPY + "voice/upy_network.py::test_forged_files_are_refused_or_run",
            "tests/host/voice/test_weights_file.py::test_damage_is_noticed",
        ),
    ),
    Row(
        "what the microphone hears",
        (WATCH + "voice/endpoint.py", WATCH + "voice/listener.py"),
        (_UPY + "voice/upy_endpoint.py::test_any_levels", _UPY + "voice/upy_bad_input.py::test_no_command"),
    ),
    Row(
        "recorded words",
        (WATCH + "voice/prototypes.py",),
        (_UPY + "voice/upy_prototypes.py::test_hostile_records",),
    ),
)

NOT_PARSERS = {
    WATCH + "apps/seal.py": "tells objects of the API apart; tests/firmware/apps/upy_own_objects.py tries each",
    WATCH + "ui/hands.py": "numbers of an app; tests/firmware/apps/upy_own_objects.py and upy_wild_numbers.py try them",
    HOST + "phone/actions.py": "what a person asks; the commands over the air of a whole watch in test_ble_phone.py",
    HOST + "phone/desk.py": "arguments of a person; the same",
    HOST + "phone/app_actions.py": "what a person asks; the life of an app in test_app_install.py",
    HOST + "phone/buying.py": "what a person asks; bought and given back over the air in test_money.py",
    HOST + "phone/app_desk.py": "asks the watch; what it answers is taken apart by answers.py",
    HOST + "phone/run.py": "prints; the same",
    HOST + "phone/install.py": "reads files and hands them to kinds.py",
    HOST + "phone/progress.py": "prints only",
    HOST + "phone/private_file.py": "writes only",
    HOST + "phone/ble/bleak_client.py": "passes on what bleak read; test_bleak_client.py",
    HOST + "phone/ble/bumble_host.py": "passes on what Bumble read; test_ble_bumble_phone.py",
    HOST + "phone/ble/bumble_link.py": "the same",
    HOST + "phone/tag.py": "a text of a person becomes a record; what the watch makes of records is upy_fuzz_tag.py",
    HOST + "simulator/tv/host.py": "asks Bumble; what it reads is given to report_map.py",
    HOST + "terminal/readers/ble.py": "connects; what the watch says then is read by ble_card.py",
    WATCH + "screens/terminal_payment.py": "measures a name that is cleaned before; the longest ones in the gallery",
    WATCH + "system/wiping.py": "asks the file system; one that fails in upy_wiping.py and upy_free_blocks.py",
    WATCH + "storage/room.py": "adds up what the file system says; one that fails in upy_room.py",
    WATCH + "system/devices.py": "what the wearer asks of bonds; upy_bonds.py",
    WATCH + "access/passcode.py": "digits typed on the watch itself; walked through in upy_same_work.py",
    WATCH + "apps/app_screen.py": "counts what an app builds; apps that do anything in upy_app_screen.py",
    WATCH + "apps/shelf/firmware_bundles.py": "hands bundles to their reader; upy_shelf.py",
    WATCH + "apps/shelf/intake.py": "compares what its readers have checked; upy_shelf.py and upy_bundle.py",
    WATCH + "apps/shelf/shelf.py": "the same",
    WATCH + "system/gamepad.py": "refuses a button that there is not; upy_app_capabilities.py",
    HOST + "bank/founding.py": "writes a new database only",
    HOST + "bank/revoked.py": "what it is given is read by signing/revocations.py",
    HOST + "store/void.py": "compares what its readers have checked; test_developers.py and test_publishing.py",
    WATCH + "apps/words.py": "reads texts of the same image",
    WATCH + "payment/presented.py": "refuses a code that it makes itself and that gets too long",
    WATCH + "ui/code128.py": "draws digits of the watch",
    WATCH + "ui/font.py": "reads fonts of the same image",
    WATCH + "ui/han.py": "reads fonts of the same image; spoiled ones in upy_han.py",
    WATCH + "ui/money.py": "draws amounts that were checked; hostile ones in upy_hostile.py",
    WATCH + "ui/qr*.py": "draws texts of the watch",
    WATCH + "ui/text.py": "reads catalogues of the same image",
    HOST + "bank/migrations.py": "reads the version of its own database",
    HOST + "bank/outbox.py": "signs what the bank says",
    HOST + "bank/store.py": "turns errors of the database into its own",
    HOST + "signing/*actions.py": "arguments of a person; test_key_commands.py",
    HOST + "signing/certify.py": "what a person wants certified; test_key_commands.py",
    HOST + "signing/commands.py": "arguments of the command line",
    HOST + "signing/chain.py": "hands certificates and envelopes to their readers; test_verify.py",
    HOST + "signing/roles.py": "a table of roles",
    HOST + "signing/sign.py": "arguments of a person; what it signs is read by rows of the table",
    HOST + "signing/verify.py": "the same",
    HOST + "signing/token.py": "what a token answers is checked by each signature; test_tokens.py",
    HOST + "simulator/process.py": "starts the watch",
    HOST + "voice/spoken.py": "passes on what espeak-ng says; what it wrote is read by wav.py",
    HOST + "simulator/run.py": "one run of the watch",
    HOST + "simulator/state_dir.py": "makes a folder",
    HOST + "stage/*.py": "plays the people around the watch",
    HOST + "terminal/readers/choose.py": "arguments of the command line",
    HOST + "terminal/readers/faults.py": "spoils frames on purpose, for tests",
    HOST + "terminal/readers/nfcpy.py": "turns errors of nfcpy into our own; tests/host/terminal/test_nfcpy.py",
    HOST + "terminal/readers/pcsc*.py": "turns errors of PC/SC into our own; tests/host/terminal/test_pcsc.py",
    HOST + "terminal/run.py": "arguments of the command line",
}
"""Files that raise an error about their input although nothing from outside reaches them unchecked, and why."""


def rows_of(module: str) -> list[Row]:
    """The rows that name a file."""
    return [row for row in TABLE if any(fnmatch(module, pattern) for pattern in row.modules)]


def excused(module: str) -> bool:
    """True for a file that is no parser."""
    return any(fnmatch(module, pattern) for pattern in NOT_PARSERS)


def function(test: str) -> ast.FunctionDef | ast.AsyncFunctionDef:
    """The syntax tree of a test. Raises KeyError if there is none."""
    path, name = test.split("::")
    for node in _tree(path).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            return node
    raise KeyError(f"there is no test {test}")


@functools.cache
def _tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text())


def inputs(test: str) -> tuple[int, int]:
    """How many inputs a test tries in its short and in its long form, as far as they are counts and not sets.

    Looks for the numbers that are handed to `Campaign.run` and to `count`, in the test or in its file's constants.
    """
    module = _tree(test.split("::")[0])
    known = {}
    for node in module.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.targets[0], ast.Name)
        ):
            known[node.targets[0].id] = node.value.value
    found = _counts(function(test), known) or _counts(module, known)[:1]
    return sum(short for short, _ in found), sum(long for _, long in found)


def _counts(tree: ast.AST, known: dict[str, object]) -> list[tuple[int, int]]:
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = node.args[1:] if name == "run" else node.args if name == "count" else []
        values = [known.get(getattr(part, "id", ""), getattr(part, "value", None)) for part in parts]
        numbers = [value for value in values if isinstance(value, int)]
        if numbers:
            short, fewer = numbers[0], numbers[1] if len(numbers) > 1 else 1
            found.append((short, max(short, LONG_COUNT // fewer)))
    return found


def main() -> None:
    """Print the table."""
    for row in TABLE:
        counts = [inputs(test) for test in row.tests]
        print(f"{row.name}: {sum(short for short, _ in counts):,} short, {sum(long for _, long in counts):,} long")
        for test in row.tests:
            print(f"    {test}")


if __name__ == "__main__":
    main()
