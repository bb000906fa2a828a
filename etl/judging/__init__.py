"""Parts of the judge. They read finished release folders only and import nothing of the code that makes blocks."""
