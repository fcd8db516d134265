/**
 * Everything outside the process, as interfaces: the only way a feature reaches the disk, the clock, other processes
 * or the network. `platform/node` holds the real implementations, `test/support` the fakes.
 */

export interface Clock {
  /** Wall clock, milliseconds since the Unix epoch. For stamps people read. */
  nowMs(): number;
  /**
   * Monotonic clock in milliseconds with sub-microsecond digits. The base is the operating system's monotonic clock,
   * so values from different processes of one machine can be subtracted.
   */
  monotonicMs(): number;
  /** Resolves after `ms`; rejects with `app.cancelled` as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `act` every `ms` until disposed. Does not keep the process alive. */
  every(ms: number, act: () => void): Disposable;
}

export interface Random {
  /** `length` bytes fit for secrets. */
  bytes(length: number): Uint8Array;
  /** A sortable id: `prefix_` + base36 time + randomness. */
  id(prefix: string): string;
}

export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface FileStat {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** An open file for positioned writes. Closed by `await using`. */
export interface FileWriter extends AsyncDisposable {
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Flushes to the device. */
  sync(): Promise<void>;
}

/** An open file for positioned reads. Closed by `await using`. */
export interface FileReader extends AsyncDisposable {
  readonly sizeBytes: number;
  /** Reads up to `length` bytes; fewer only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
}

/**
 * The disk. Paths are absolute. Failures are `AppError`s: `files.not-found`, `files.not-allowed`,
 * `storage.disk-full`; what has no row of its own is `app.internal` with the cause.
 */
export interface Files {
  /** `undefined` when nothing is there. Follows links. */
  stat(path: string): Promise<FileStat | undefined>;
  /** Entries of a folder, links followed; an empty list when it does not exist. */
  list(folder: string): Promise<readonly FileEntry[]>;
  readText(path: string): Promise<string>;
  /** Writes beside the target and renames, so a reader never sees half a file. Makes missing folders. */
  writeText(path: string, text: string, options?: { readonly mode?: number }): Promise<void>;
  appendText(path: string, text: string): Promise<void>;
  openRead(path: string): Promise<FileReader>;
  /** Opens for writing without truncating; makes the file and missing folders. */
  openWrite(path: string): Promise<FileWriter>;
  makeFolder(path: string): Promise<void>;
  /** Renames within one file system, replacing the target atomically. */
  rename(from: string, to: string): Promise<void>;
  copy(from: string, to: string, signal?: AbortSignal): Promise<void>;
  /** Removes a file, or a folder with all in it. Succeeds when nothing is there. */
  remove(path: string): Promise<void>;
  /** Free bytes for this user on the file system that holds `path` or its nearest existing parent. */
  freeBytes(path: string): Promise<number>;
  /** Resolves links, so two names of one file compare equal. */
  realPath(path: string): Promise<string>;
  /** Lower-case hex SHA-256 of a whole file, streamed; `onBytes` gets the running total. */
  sha256(
    path: string,
    options?: { readonly signal?: AbortSignal; readonly onBytes?: (done: number) => void },
  ): Promise<string>;
}

/** The children Dyno starts. Each has one entry file, found by `Processes` in the source tree or the build. */
export type WorkerKind = 'engine' | 'inspector' | 'driver' | 'telemetry';

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A child process of ours with a message pipe. Messages are structured-cloneable plain data. */
export interface WorkerHandle {
  readonly pid: number | undefined;
  send(message: unknown): void;
  /** Calls `act` for every message until disposed. */
  onMessage(act: (message: unknown) => void): Disposable;
  /** Settles once, after the process is gone and its pipes are drained. Never rejects. */
  readonly exited: Promise<WorkerExit>;
  /** The last lines the child wrote to stderr and stdout, oldest first (at most 40). */
  outputTail(): readonly string[];
  /** Ends the child: asks with SIGTERM, forces after `graceMs` (default 2,000). Resolves when it is gone. */
  stop(graceMs?: number): Promise<WorkerExit>;
}

export interface SpawnWorkerOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Shown in process lists and logs. */
  readonly label?: string;
  /** V8 flags of the child, e.g. a heap limit. */
  readonly execArgv?: readonly string[];
}

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Processes {
  /** Starts a child of ours: Electron's utilityProcess in the desktop app, `child_process.fork` elsewhere. */
  spawnWorker(kind: WorkerKind, options?: SpawnWorkerOptions): WorkerHandle;
  /** Runs a program to its end. `undefined` when it is not installed. Kills it at `timeoutMs` or on abort. */
  run(
    command: string,
    args: readonly string[],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<CommandResult | undefined>;
  /** Lines of a long-running program's stdout, until it ends or `signal` aborts (which kills it). */
  lines(command: string, args: readonly string[], signal: AbortSignal): AsyncIterable<string>;
}

export interface HttpResponse {
  readonly status: number;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Reads the body to its end as UTF-8. */
  text(): Promise<string>;
}

export interface Http {
  /** Follows redirects; credentials are dropped when the host changes. Rejects with the caller's `app.cancelled`, or the network error as cause. */
  request(
    url: string,
    options?: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly signal?: AbortSignal;
    },
  ): Promise<HttpResponse>;
}

export interface OutboundRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Addresses of this machine and its network, too; those of no host and of clouds' metadata never. */
  readonly allowsPrivate: boolean;
  readonly signal: AbortSignal;
}

/** Requests to addresses that somebody gave, where `Http` asks those Dyno or its owner's models name. */
export interface Outbound {
  /**
   * Resolves with whatever status the other side gave, and the first 64 KiB of its reply.
   * @throws AppError `outbound.address-not-allowed`, `outbound.failed`, what `signal` was aborted with
   */
  post(url: string, request: OutboundRequest): Promise<{ readonly status: number; readonly text: string }>;
}

/** Turns a page into a PDF. The page gets no network and runs no script. */
export interface PdfPrinter {
  /** @throws AppError `report.no-printer`, `report.print-failed`, `app.cancelled` */
  print(html: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** Keeps a secret of this user's on this machine; who reads the disk learns it only from a vault that is not safe. */
export interface Vault {
  /** `safe`: the operating system keeps the key (the desktop). `file`: sealed text is the secret itself. */
  readonly kind: 'safe' | 'file';
  seal(secret: string): Promise<string>;
  /** The secret; `undefined` when it was sealed by another user, machine or kind of vault. */
  open(sealed: string): Promise<string | undefined>;
}

/** One address of one network interface. */
export interface NetworkAddress {
  readonly interfaceName: string;
  readonly address: string;
  readonly family: 'IPv4' | 'IPv6';
  /** Of the loopback interface. */
  readonly isInternal: boolean;
}

/** Facts of the operating system that need no probe. */
export interface HostFacts {
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other';
  readonly arch: string;
  readonly homeFolder: string;
  /** Name of the machine and of the account: for a report whose owner asks to be named, and to keep both out of every other. */
  readonly hostName: string;
  readonly userName: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly electronVersion: string | undefined;
  readonly isRoot: boolean;
  /** Those of the moment. */
  networkAddresses(): readonly NetworkAddress[];
  /** Logical CPUs this process may use (affinity and cgroup quota counted). */
  availableParallelism(): number;
  /** Of the machine, or of the cgroup this process is in where that has less. */
  totalMemoryBytes(): number;
  /** Memory a new process can take without swapping: MemAvailable on Linux, less where a cgroup's limit leaves less. */
  availableMemoryBytes(): number;
}

/** Where Dyno keeps things. All absolute. */
export interface Folders {
  /** `DYNO_HOME`, else the platform's data folder. Database, keys, reports. */
  readonly data: string;
  /** Models Dyno made or downloaded: `<data>/models`. */
  readonly models: string;
  /** Files shipped with the app: `resources/`. Read-only. */
  readonly resources: string;
}

/** All ports. Features take the ones they need: `Pick<Ports, 'files' | 'clock'>`. */
export interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly files: Files;
  readonly processes: Processes;
  readonly http: Http;
  readonly outbound: Outbound;
  readonly pdf: PdfPrinter;
  readonly vault: Vault;
  readonly host: HostFacts;
  readonly folders: Folders;
}
