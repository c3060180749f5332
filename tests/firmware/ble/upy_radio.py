"""Links, roles, levels and the way of writes and reads."""

from desk import Desk

from watch.ble import roles


def test_each_role_reads_its_own_rows_and_no_other():
    async def story(desk):
        tried = 0
        for number, role in enumerate(roles.ROLES):
            central = await desk.bond(role, number + 1)
            for other in roles.ROLES:
                error, value = central.read(desk.row(other).handle)
                tried += 1
                assert (error, value) == ((0, b"value of " + role.encode()) if other == role else (8, None)), (
                    role,
                    other,
                )
            assert central.read(desk.common.rows[0].handle) == (0, b"\x50")
            assert central.connected
        print(f"NOTE reads of wrong roles: {tried} tried, all answered 08")

    Desk().run(story)
