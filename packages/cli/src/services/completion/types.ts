/** What can stand in the place of the last word. */
export interface Completion {
  /** `values`: these, and nothing else. The others are for the shell: names of files or folders, or a command line of its own. */
  readonly kind: 'values' | 'files' | 'folders' | 'command';
  readonly values: readonly Candidate[];
}

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

export interface CompletionPlace {
  /** This package's folder. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}
