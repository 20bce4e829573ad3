import { createRequire } from 'node:module';
import { isRecord } from '@heddle/core';

/** `heddle/0.1.0 (linux; node 24.9.0)`. Its first word is what managedFields and audit logs name as the writer. */
export function userAgent(): string {
  const own: unknown = createRequire(import.meta.url)('@heddle/kubernetes/package.json');
  const version = isRecord(own) && typeof own.version === 'string' ? own.version : '0';
  return `heddle/${version} (${process.platform}; node ${process.versions.node})`;
}
