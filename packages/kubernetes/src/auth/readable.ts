import { readFile } from 'node:fs/promises';
import { UserError } from '@heddle/core';

/** Reads a file that the kubeconfig points at. Throws `UserError` `kubeconfig-unreadable`. */
export async function readable(file: string, what: string, context: { readonly name: string }): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new UserError({
      code: 'kubeconfig-unreadable',
      exit: 'usage',
      message: `${what} of context "${context.name}" cannot be read: ${file} (${code})`,
      next: ['Make the file readable for you, or correct its path in the kubeconfig.', 'Choose another context with --context.'],
      cause,
    });
  }
}
