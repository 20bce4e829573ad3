import { inputError, type UserError } from '../../errors/user-error.js';

export function string(value: unknown, path: string): string {
  if (typeof value !== 'string' || value === '') throw bad(path, 'a text', value);
  return value;
}

export function number(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw bad(path, 'a whole number', value);
  return value;
}

/** A number, whole or not. */
export function amount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(path, 'a number', value);
  return value;
}

export function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(path, 'a list', value);
  return value;
}

export function bad(path: string, expected: string, value: unknown, next?: readonly string[]): UserError {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return inputError('record-invalid', { path, expected, received: text.length > 80 ? `${text.slice(0, 77)}...` : text }, next);
}
