// The console is the USB port of the chip alone: MICROPY_HW_ENABLE_UART_REPL stays 0.
#define MICROPY_HW_BOARD_NAME "Waveshare ESP32-S3-Touch-AMOLED-2.06 (Tapwatch)"
#define MICROPY_HW_MCU_NAME "ESP32S3"

#define MICROPY_HW_I2C0_SCL (14)
#define MICROPY_HW_I2C0_SDA (15)
