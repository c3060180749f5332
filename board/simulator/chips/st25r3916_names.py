"""Names and constants of the ST25R3916 as its data sheet (DS12484) gives them; written apart from the driver's."""

from micropython import const

# Direct commands.
SET_DEFAULT = const(0xC1)
STOP = const(0xC2)
TRANSMIT_CRC = const(0xC4)
TRANSMIT_BARE = const(0xC5)
GOTO_SENSE = const(0xCD)
GOTO_SLEEP = const(0xCE)
MEASURE_AMPLITUDE = const(0xD3)
MASK_RECEIVE = const(0xD0)
UNMASK_RECEIVE = const(0xD1)
RESET_GAIN = const(0xD5)
ADJUST_REGULATORS = const(0xD6)
CLEAR_RSSI = const(0xDA)
CLEAR_FIFO = const(0xDB)
MEASURE_SUPPLY = const(0xDF)

# Registers of space A.
OPERATION = const(0x02)
MODE = const(0x03)
PASSIVE_TARGET = const(0x08)
AUXILIARY = const(0x0A)
MASK_RECEIVE_TIMER = const(0x0F)
TIMER_STEPS = const(0x12)
MASKS = const(0x16)
STATUS = const(0x1A)
FIFO_COUNT = const(0x1E)
FIFO_STATE = const(0x1F)
TARGET_STATE = const(0x21)
LENGTH_HIGH = const(0x22)
LENGTH_LOW = const(0x23)
BIT_RATE = const(0x24)
AD_RESULT = const(0x25)
FIELD_ON_THRESHOLD = const(0x2A)
FIELD_OFF_THRESHOLD = const(0x2B)
DISPLAY = const(0x31)
IDENTITY = const(0x3F)
READ_ONLY = (0x1A, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x21, 0x24, 0x25, 0x31, 0x3F)
ONLY_B = (0x2E, 0x2F, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39)
"""Registers of space B that only the ST25R3916B has."""
KIND_B = const(6)
COOL = (0x04, 0x10)
"""Test register and value: the overheat protection does not trip too early. To be written after each reset."""
RESET_A = ((MODE, 0x08), (0x0C, 0x2D))
"""Values after reset that are known; all others are not, and a register must be written before it is read."""
RESET_B = ((0x0C, 0x93),)

# Bits.
EN = const(0x80)
RX_EN = const(0x40)
TX_EN = const(0x08)
EN_FD = const(0x03)
TARG = const(0x80)
MODE_BITS = const(0x78)
BIT_RATE_DETECT = const(0x48)
NO_ANTICOLLISION = const(0x01)
NFC_ID = const(0x30)
STEP_512 = const(0x08)
EFD = const(0x40)
OSCILLATOR_OK = const(0x10)
FIFO_UNDERFLOW = const(0x20)
FIFO_OVERFLOW = const(0x10)

# Interrupts: the register (0 MAIN, 1 TIMER, 2 ERROR, 3 TARGET) and its bit.
OSC = (0, 0x80)
FWL = (0, 0x40)
RXS = (0, 0x20)
RXE = (0, 0x10)
TXE = (0, 0x08)
DCT = (1, 0x80)
EON = (1, 0x10)
EOF = (1, 0x08)
NFCT = (1, 0x01)
CRC = (2, 0x80)
PAR = (2, 0x40)
ERR2 = (2, 0x20)
ERR1 = (2, 0x10)
RXE_PTA = (3, 0x10)
WU_A_X = (3, 0x02)
WU_A = (3, 0x01)

# Target states, low nibble of TARGET_STATE. A star means: from HALT.
OFF = const(0)
IDLE = const(1)
READY_1 = const(2)
READY_2 = const(3)
ACTIVE = const(5)
HALT = const(9)
STAR = const(8)
"""READY and ACTIVE states with this bit (A, B, D) were reached from HALT."""

FIFO_BYTES = const(512)
RECEIVE_WATER = const(300)
PT_BYTES = const(15)
SUPPLY_STEPS = const(141)
"""3.3 V in steps of 23.4 mV."""

ANTENNA_STEPS = const(0x8A)
"""What the amplitude measurement finds at a good antenna (a reading told in ST's forum)."""
THRESHOLDS_MV = (75, 105, 150, 205, 290, 400, 560, 800)
"""Of the field detector, by the peer's code: bits 6 to 4 of its two registers."""
STRONG_MV = const(300)
"""The field of a reader nearby."""

US = 13.56
"""Carrier periods (1/fc) in a microsecond."""
BYTE_FC = const(1152)
"""One byte and its parity bit at 106 kbit/s, in 1/fc."""
OSCILLATOR_FC = const(9492)
"""700 us: what others have seen, the data sheet promises no figure (unsure)."""
REGULATOR_FC = const(40_680)
"""3 ms; at most 6 by the data sheet."""
MEASURE_FC = const(1356)
"""100 us; 25 us by the data sheet, and the maker's own library waits 10 ms at most."""
DETECTOR_FC = const(678)
"""50 us from a field, or another threshold, to what the field detector says (an assumption)."""
LINE_FC = const(14)
"""1 us from an interrupt to its line (an assumption)."""
LONGEST_FC = const(135_600)
"""10 ms: what the maker's own library waits for the clock and for measurements."""
LONGEST_REGULATOR_FC = const(81_360)
"""6 ms: the data sheet has 5, the maker's own library waits 6."""
DELAY_FC = const(1236)
"""Shortest delay of an answer, EMV Book D."""
SELECT_FC = const(407)
"""30 us: what a transfer costs on the board besides its bits (an estimate)."""
SPI_BYTE_FC = const(11)
"""0.8 us, eight bits at 10 MHz."""
