import { EventEmitter } from 'node:events';

/** One end of a pair; what is posted before `start` waits, as in Electron's MessagePortMain. */
export class StubPort extends EventEmitter {
  peer: StubPort | undefined;
  #isStarted = false;
  #waiting: unknown[] = [];

  postMessage(data: unknown): void {
    this.peer?.deliver(data);
  }

  deliver(data: unknown): void {
    if (this.#isStarted) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.emit('message', { data, ports: [] });
  }

  /** Tells both ends, once. */
  close(): void {
    const { peer } = this;
    this.peer = undefined;
    if (peer === undefined) return;
    peer.peer = undefined;
    this.emit('close');
    peer.emit('close');
  }
}

export class MessageChannelMain {
  readonly port1 = new StubPort();
  readonly port2 = new StubPort();

  constructor() {
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}
