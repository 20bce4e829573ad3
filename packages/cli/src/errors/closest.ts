export { closest } from '@heddle/core';
