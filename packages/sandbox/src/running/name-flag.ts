import { UserError } from '@heddle/core';
import { Flags } from '@oclif/core';
import { SANDBOX } from '../kubeconfig.js';

/** Several sandboxes run side by side under names of their own; the kubeconfig's context is called the same. */
export const nameFlag = Flags.string({
  helpValue: 'NAME',
  env: 'HEDDLE_NAME',
  default: SANDBOX,
  summary: "The sandbox's name, and its context's in the kubeconfig.",
  parse: async (name) => {
    if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) return name;
    const message = `--name: expected lower-case letters, digits and dashes, received '${name}'.`;
    throw new UserError({ code: 'sandbox-name', exit: 'usage', message, next: ['Choose a name such as eu-kong.'] });
  },
});
