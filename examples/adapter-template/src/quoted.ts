/** A regular expression (RE2) that matches a text and nothing else. */
export const quoted = (text: string): string => text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
