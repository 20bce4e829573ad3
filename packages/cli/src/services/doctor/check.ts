import { isUserError, messageOf, type UserError } from '@heddle/core';

export type CheckStatus = 'ok' | 'warning' | 'failed' | 'skipped';

export interface Check {
  readonly id: string;
  readonly title: string;
  readonly status: CheckStatus;
  /** What was found, in one sentence. */
  readonly message: string;
  readonly next: readonly string[];
}

export interface Finding {
  readonly status: Exclude<CheckStatus, 'failed'> | 'failed';
  readonly message: string;
  readonly next?: readonly string[];
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warning = (message: string, next: readonly string[] = []): Finding => ({ status: 'warning', message, next });
export const failed = (message: string, next: readonly string[] = []): Finding => ({ status: 'failed', message, next });
export const skipped = (message: string): Finding => ({ status: 'skipped', message });

/** Runs one check; what it throws is its finding. */
export async function runCheck(id: string, title: string, look: () => Promise<Finding> | Finding): Promise<Check> {
  const finding = await Promise.resolve()
    .then(look)
    .catch((error: unknown) => failed(messageOf(error), isUserError(error) ? (error as UserError).next : []));
  return { id, title, status: finding.status, message: finding.message, next: finding.next ?? [] };
}
