import { tunnelAuthError, tunnelRefusedError } from '@heddle/core';
import { FRAME } from './protocol/frame.js';
import { isProof, newNonce, proofOf } from './protocol/handshake.js';
import { type Hello, PROTOCOL_VERSION, parseMessage } from './protocol/messages.js';
import type { Wire } from './protocol/wire.js';

/** The laptop's side of the handshake: resolves when the agent has shown that it knows the token and has been sent our proof. */
export async function greetAgent(wire: Wire, token: Buffer, what: Omit<Hello, 'version' | 'nonce'>): Promise<void> {
  const hello: Hello = { version: PROTOCOL_VERSION, nonce: newNonce(), ...what };
  wire.send(FRAME.hello, hello);
  const { type, payload } = await wire.next();
  if (type === FRAME.denied) throw deniedError(payload);
  if (type !== FRAME.challenge) throw new Error('the agent did not answer the greeting');
  const { nonce, proof } = parseMessage('challenge', payload);
  const greeting = Buffer.from(JSON.stringify(hello));
  if (!isProof(proof, proofOf(token, 'agent', greeting, nonce))) {
    throw tunnelAuthError("What answers in the shadow's pod does not know the token that this session gave its agent.");
  }
  wire.send(FRAME.proof, { proof: proofOf(token, 'laptop', greeting, nonce) });
}

/** The session's name, when the agent listens; or what the agent says of a connection out of the pod. */
export async function welcomed(wire: Wire): Promise<string> {
  const { type, payload } = await wire.next();
  if (type === FRAME.denied) throw deniedError(payload);
  if (type !== FRAME.welcome) throw new Error('the agent did not answer');
  return parseMessage('welcome', payload).session;
}

/** A `UserError` where trying again cannot help. */
function deniedError(payload: Buffer): Error {
  const { why, message } = parseMessage('denied', payload);
  switch (why) {
    case 'auth':
      return tunnelAuthError("The agent in the shadow's pod does not accept this session's token.");
    case 'version':
      return tunnelRefusedError(`The agent in the shadow's pod is of another version: ${message}.`);
    case 'ports':
      return tunnelRefusedError(
        `The agent refuses to listen on port ${message} of the shadow's pod: another container uses it, or the session's Secret was changed.`,
      );
    default:
      return new Error(`the agent refuses: ${message}`);
  }
}
