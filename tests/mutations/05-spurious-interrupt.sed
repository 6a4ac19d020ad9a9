# SPDX-License-Identifier: GPL-2.0-only
# promise: 5
# mutation: an interrupt is taken for the end of a transfer that still runs
# file: driver/providers/edu.c
# caught by: edu test_interrupts interrupt_before_the_end_of_a_transfer
s/^\t    !\(readl\(edu->regs \+ EDU_DMA_CMD\) & EDU_CMD_RUN\)\)/\t    true)/
