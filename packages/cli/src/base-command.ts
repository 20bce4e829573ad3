import type { UserError } from '@heddle/core';
import { Command, Config, type Interfaces } from '@oclif/core';
import { type Compose, composeWith, type Scope } from './composition-root.js';
import { exitOf } from './errors/interrupted.js';
import { clusterBeforeFiles } from './flags/files-or-cluster.js';
import { outputFlags, runFlags } from './flags/shared-flags.js';
import { installedPackages } from './plugins/installed-packages.js';
import { pluginProblems } from './plugins/load-program.js';
import { type PointHere, pointHere } from './terminal/next-commands.js';
import type { Output } from './terminal/output.js';
import { TOKENS, type Token } from './tokens.js';

/** Where a run's way of composing is kept on oclif's config: the one object that reaches every command. */
const COMPOSE = Symbol.for('heddle.compose');

/** Makes the commands that run with this config use another composition: for tests. */
export function composeBy(config: Config, compose: Compose): void {
  Object.defineProperty(config, COMPOSE, { value: compose, configurable: true });
}

function composeOf(config: Config): Compose {
  const compose: unknown = Reflect.get(config, COMPOSE);
  return typeof compose === 'function' ? (compose as Compose) : composeWith();
}

const POINT = Symbol.for('heddle.point');

/** How the command that runs with this config has its texts name other commands; `undefined` before its flags are read. */
export function pointOf(config: Config): PointHere | undefined {
  const point: unknown = Reflect.get(config, POINT);
  return typeof point === 'function' ? (point as PointHere) : undefined;
}

function isLoaded(options: Interfaces.LoadOptions): options is Config {
  return typeof options === 'object' && options !== null && '_base' in options;
}

/** What `begin` gives a command. */
export interface Run<C extends typeof Command> {
  /** A command's own flag of a common name is in that one's place. */
  readonly flags: Interfaces.InferredFlags<C['flags'] & Omit<C['baseFlags'], keyof C['flags']>>;
  readonly args: Interfaces.InferredArgs<C['args']>;
  /** What stands after `--`. */
  readonly rest: readonly string[];
  get<T>(token: Token<T>): T;
}

/** The base of all commands: parses, makes the run's scope, and closes the cluster at the end. */
export abstract class HeddleCommand extends Command {
  static override baseFlags = outputFlags;
  /** oclif's own --json flag is not used: `--output` has more to say. */
  static override enableJsonFlag = false;

  #scope: Scope | undefined;

  /** oclif would load the configuration anew for each command, and lose what is kept on it; ours is used as it is. */
  static override async run<T extends Command>(
    this: new (
      argv: string[],
      config: Config,
    ) => T,
    argv?: string[],
    options?: Interfaces.LoadOptions,
  ): Promise<ReturnType<T['run']>> {
    const config = isLoaded(options) ? options : await Config.load(options);
    const command = new this(argv ?? process.argv.slice(2), config);
    // biome-ignore lint/complexity/useLiteralKeys: protected, and reached from a static method as oclif's own run does
    return (await command['_run']()) as ReturnType<T['run']>;
  }

  protected async begin<C extends typeof Command>(command: C): Promise<Run<C>> {
    const cut = this.argv.indexOf('--');
    const rest = cut < 0 ? [] : this.argv.slice(cut + 1);
    const parsed = await this.parse(command, cut < 0 ? this.argv : this.argv.slice(0, cut));
    const given = runFlags(parsed.flags);
    const flags = clusterBeforeFiles(parsed.raw) ? { ...given, files: [] } : given;
    Object.defineProperty(this.config, POINT, { value: pointHere(flags), configurable: true });
    const scope = composeOf(this.config)({
      flags,
      place: {
        env: process.env,
        cwd: process.cwd(),
        configDir: this.config.configDir,
        version: this.config.version,
        packages: installedPackages(this.config),
        pluginProblems: pluginProblems(this.config),
      },
    });
    this.#scope = scope;
    return {
      flags: parsed.flags as Run<C>['flags'],
      args: parsed.args as Run<C>['args'],
      rest,
      get: (token) => scope.get(token),
    };
  }

  /** After a result that is not a success: says why, and ends with the error's exit code. */
  protected endWith(error: UserError, output: Output): never {
    output.failed(error);
    return this.exit(exitOf(error));
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    await this.#scope?.get(TOKENS.connections).close();
    await super.finally(error);
  }

  /** The caller reports errors, in our form; oclif would set an exit code and print here. */
  protected override async catch(error: Error): Promise<never> {
    throw error;
  }
}
