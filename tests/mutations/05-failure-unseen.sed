# SPDX-License-Identifier: GPL-2.0-only
# promise: 5
# mutation: what went wrong with a descriptor isn't looked at
# file: driver/request.c
# caught by: sim test_faults every_fault_is_survived
/^\tdescriptor_ended\(param, / s/result->result != DMA_TRANS_NOERROR || result->residue/result->result != DMA_TRANS_NOERROR/
