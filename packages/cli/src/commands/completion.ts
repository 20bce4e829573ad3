import { Args } from '@oclif/core';
import { HeddleCommand } from '../base-command.js';
import { completionScript, SHELLS } from '../services/completion/scripts.js';
import { TOKENS } from '../tokens.js';

export default class Completion extends HeddleCommand {
  static override summary = 'Print what makes a shell complete heddle.';
  static override description =
    `The script asks heddle at each Tab, so it need not be made anew when heddle or its plugins change. It completes commands, flags and their values: contexts of the kubeconfig, clusters of the configuration, meshes, tunnels, a sandbox's scenarios, and files. For names of Services, versions, standing routes, sessions and namespaces it asks the cluster that the line is for: it only reads, and offers nothing where the answer takes longer than a second and a half or may not be had.

In ~/.bashrc: source <(heddle completion bash). In ~/.zshrc, behind compinit: source <(heddle completion zsh). Or the script goes once into a folder that the shell reads, as in the examples.`;
  static override examples = [
    { description: 'bash with bash-completion', command: 'heddle completion bash > ~/.local/share/bash-completion/completions/heddle' },
    { description: 'zsh, its first folder of functions', command: 'heddle completion zsh > $fpath[1]/_heddle' },
    { description: 'fish', command: 'heddle completion fish > ~/.config/fish/completions/heddle.fish' },
  ];
  static override args = {
    shell: Args.option({ options: SHELLS })({ required: true, description: 'The shell.', ignoreStdin: true }),
  };

  async run(): Promise<void> {
    const { args, get } = await this.begin(Completion);
    get(TOKENS.output).result({ shell: args.shell, script: completionScript(args.shell, this.config.bin) }, ({ script }) => script);
  }
}
