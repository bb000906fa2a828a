"""The sentences of the pages, made from the numbers. Pure: frames and values in, words out; no queries."""
