"""What a MicroPython for the Waveshare ESP32-S3-Touch-AMOLED-2.06 has frozen in, for its tools/manifestfile.py."""
# pyright: reportUndefinedVariable=false
# ruff: noqa: F821

include("$(PORT_DIR)/boards/manifest.py")
package("drivers", base_path="../../../firmware", opt=2)
package("watch", base_path="../../../firmware", opt=2)
package("board/parts", base_path="../../..", opt=2)
package("board", files=("software_secret.py", "waveshare_amoled_206/board.py"), base_path="../../..", opt=2)
