/** A pattern of RE2 that matches the text alone (Go `regexp`, QuoteMeta). */
export const quoteMeta = (text: string): string => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
