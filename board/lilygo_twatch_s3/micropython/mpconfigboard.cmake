# LilyGO T-Watch S3 with Tapwatch's modules frozen in; docs/building.md, "A MicroPython of your own".
include(boards/mpconfigboard_esp32s3_common.cmake)

# The path of the partition table depends on where this folder is, which no sdkconfig file can say.
file(WRITE ${CMAKE_BINARY_DIR}/sdkconfig.tapwatch
    "CONFIG_PARTITION_TABLE_CUSTOM_FILENAME=\"${MICROPY_BOARD_DIR}/partitions.csv\"\n")

list(APPEND SDKCONFIG_DEFAULTS
    boards/sdkconfig.240mhz
    boards/sdkconfig.flash_qio_80m
    boards/sdkconfig.spiram_oct
    ${MICROPY_BOARD_DIR}/sdkconfig.board
    ${CMAKE_BINARY_DIR}/sdkconfig.tapwatch
)

set(MICROPY_FROZEN_MANIFEST ${MICROPY_BOARD_DIR}/manifest.py)
