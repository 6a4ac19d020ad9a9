# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: a default of the DMA API is listed as the provider's word
# file: driver/limits.c
# caught by: known test_known unknown_provider_has_the_defaults
s/^(\t\tshorten\(limits, dma_get_max_seg_size\(dev\), DMABENCH_BY_)DEFAULT/\1PROVIDER/
