/** The digits, as `book/_ext/laboratory.py` packs them; the build writes them here. */
export const PACKED = "";
