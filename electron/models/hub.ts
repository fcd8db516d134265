import { z } from 'zod';
import { AppError, isAbort } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { chooseByPath, chooseByTag, type HubFile } from './hub-files.ts';
import { defaultHubEndpoint, readHubSource } from './hub-source.ts';
import { refusal } from './http-refusal.ts';

type HubPorts = Pick<Ports, 'http' | 'host'>;

/** One file to fetch. */
export interface RemoteFile {
  readonly url: string;
  /** Plain name for the models folder. */
  readonly fileName: string;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  /** `owner/repo` on the hub; `null` for a plain address. */
  readonly repo: string | null;
  /** For this host only; the transport drops them when a redirect leaves it. */
  readonly headers: Readonly<Record<string, string>>;
}

const repositorySchema = z.object({
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: z.number().optional(),
      lfs: z.object({ sha256: z.string(), size: z.number() }).nullish(),
    }),
  ),
});

/** Names of files on the hub become names on this disk: no folders, no hidden files, nothing a shell trips over. */
export const safeFileName = (path: string): string => {
  const name = path.split(/[\\/]/).at(-1) ?? '';
  const safe = Array.from(name, (char) => (char < ' ' || '<>:"|?*\u007f'.includes(char) ? '_' : char)).join(
    '',
  );
  if (safe === '' || safe.startsWith('.'))
    throw new AppError('app.bad-input', `"${path}" gives no file name.`, {
      hint: 'Give a name for the file.',
      details: { param: 'fileName' },
    });
  return safe;
};

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** HF_ENDPOINT and HF_TOKEN, as the hub's own tools read them. */
const settingsOf = ({ env }: Ports['host']) => {
  const endpoint = (env['HF_ENDPOINT'] || defaultHubEndpoint).replace(/\/+$/, '');
  if (!URL.canParse(endpoint))
    throw new AppError('app.bad-input', `HF_ENDPOINT is no address: ${endpoint}`, {
      hint: 'Set it to https://host, or unset it.',
    });
  const token = env['HF_TOKEN']?.trim();
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return { endpoint, headers };
};

const listFiles = async (
  { http, host }: HubPorts,
  { repo, revision }: { readonly repo: string; readonly revision: string },
  signal: AbortSignal,
): Promise<readonly HubFile[]> => {
  const { endpoint, headers } = settingsOf(host);
  const url = `${endpoint}/api/models/${repo}/revision/${encodeURIComponent(revision)}?blobs=true`;
  try {
    const response = await http.request(url, { headers, signal });
    if (response.status !== 200) throw refusal(response, url, { repo, hasToken: 'authorization' in headers });
    const { siblings } = repositorySchema.parse(JSON.parse(await response.text()));
    return siblings.map(({ rfilename, size, lfs }) => ({
      path: rfilename,
      sizeBytes: lfs?.size ?? size ?? null,
      sha256: lfs?.sha256 ?? null,
    }));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (signal.aborted || isAbort(cause)) throw new AppError('app.cancelled', undefined, { cause });
    throw new AppError(
      'models.download-failed',
      `${new URL(endpoint).host} could not be asked for ${repo}.`,
      {
        hint: 'Check the network, or set HF_ENDPOINT to a mirror.',
        cause,
      },
    );
  }
};

/**
 * The files behind what the user named: one, or all parts of a split model, with sizes and checksums where the hub
 * tells them.
 * @throws AppError `app.bad-input`, `models.not-found`, `models.ambiguous`, `models.missing-part`,
 *   `models.download-failed`, `app.cancelled`
 */
export const resolveRemoteFiles = async (
  ports: HubPorts,
  text: string,
  signal: AbortSignal,
): Promise<readonly RemoteFile[]> => {
  const { endpoint, headers } = settingsOf(ports.host);
  const source = readHubSource(text, endpoint);
  if (source.type === 'url') {
    const fileName = safeFileName(decodeURIComponent(new URL(source.url).pathname));
    return [{ url: source.url, fileName, sizeBytes: null, sha256: null, repo: null, headers: {} }];
  }
  const { repo, revision } = source;
  const files = await listFiles(ports, source, signal);
  const chosen =
    source.type === 'file' ? chooseByPath(files, repo, source.path) : chooseByTag(files, repo, source.tag);
  return chosen.map(({ path, sizeBytes, sha256 }) => ({
    url: `${endpoint}/${repo}/resolve/${encodeURIComponent(revision)}/${encodePath(path)}`,
    fileName: safeFileName(path),
    sizeBytes,
    sha256,
    repo,
    headers,
  }));
};
