/** Every code that the command line itself reports: docs/errors.md is made from it. */
export { CLI_ERRORS, type CliErrorCode } from './errors/codes.js';
