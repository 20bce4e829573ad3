import { fileURLToPath } from 'node:url';

/** A file or folder that the kit is published with, beside `dist`. */
export const kitFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
