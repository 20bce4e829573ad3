/** The parts of oclif's command description (class, or entry of oclif.manifest.json) that help shows. */
export interface HelpFlag {
  readonly name: string;
  readonly type?: string;
  readonly char?: string;
  readonly summary?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly env?: string;
  readonly helpGroup?: string;
  readonly helpValue?: string | readonly string[];
  readonly options?: readonly string[];
  readonly multiple?: boolean;
  readonly required?: boolean;
  readonly hidden?: boolean;
}

export interface HelpArg {
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
  readonly hidden?: boolean;
}

export interface HelpCommand {
  /** With colons between topic and command, as oclif keeps it. */
  readonly id: string;
  readonly summary?: string;
  readonly description?: string;
  readonly usage?: string | readonly string[];
  readonly examples?: readonly (string | { readonly description: string; readonly command: string })[];
  readonly args?: Readonly<Record<string, HelpArg>>;
  readonly flags?: Readonly<Record<string, HelpFlag>>;
  readonly hidden?: boolean;
}

export interface HelpProgram {
  readonly bin: string;
  readonly version: string;
  readonly description: string;
  readonly commands: readonly HelpCommand[];
  /** What the group of a topic's commands is about. */
  readonly topics: Readonly<Record<string, { readonly description?: string }>>;
}

/** Where it is printed: colours on or off, columns. */
export interface HelpPaper {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly width: number;
}
