// The console is the USB port of the chip alone: MICROPY_HW_ENABLE_UART_REPL stays 0.
#define MICROPY_HW_BOARD_NAME "LilyGO T-Watch S3 (Tapwatch)"
#define MICROPY_HW_MCU_NAME "ESP32S3"

#define MICROPY_HW_I2C0_SCL (11)
#define MICROPY_HW_I2C0_SDA (10)
