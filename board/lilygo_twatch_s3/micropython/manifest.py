"""What a MicroPython for the LilyGO T-Watch S3 has frozen in, for its tools/manifestfile.py."""
# pyright: reportUndefinedVariable=false
# ruff: noqa: F821

include("$(PORT_DIR)/boards/manifest.py")
package("drivers", base_path="../../../firmware", opt=2)
package("watch", base_path="../../../firmware", opt=2)
package("board/parts", base_path="../../..", opt=2)
package("board", files=("software_secret.py", "lilygo_twatch_s3/board.py"), base_path="../../..", opt=2)
