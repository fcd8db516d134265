import { AppError } from '../../shared/errors/app-error.ts';

/** What `dyno models pull` was given. */
type HubSource =
  | { readonly type: 'url'; readonly url: string }
  | { readonly type: 'file'; readonly repo: string; readonly revision: string; readonly path: string }
  /** `tag` is a quantization (`Q4_K_M`); `null` when the repository was named alone. */
  | { readonly type: 'tag'; readonly repo: string; readonly revision: string; readonly tag: string | null };

export const defaultHubEndpoint = 'https://huggingface.co';

const repoName = /^[\w.-]+\/[\w.-]+$/;
const knownHosts = ['huggingface.co', 'hf.co', 'www.huggingface.co'];

const badSource = (text: string): AppError =>
  new AppError('app.bad-input', `"${text}" is no address of a model.`, {
    hint: 'Give https://…/file.gguf, owner/repo:Q4_K_M, or hf:owner/repo/file.gguf.',
    details: { param: 'source' },
  });

/** `owner/repo@revision` without what follows; the revision is `main` unless given. */
const readRepo = (text: string): { readonly repo: string; readonly revision: string } | undefined => {
  const [repo = '', revision = 'main', ...rest] = text.split('@');
  return repoName.test(repo) && revision !== '' && rest.length === 0 ? { repo, revision } : undefined;
};

const readShort = (text: string): HubSource | undefined => {
  const colon = text.lastIndexOf(':');
  const place = colon < 0 ? text : text.slice(0, colon);
  const tag = colon < 0 ? null : text.slice(colon + 1);
  if (tag === '' || tag?.includes('/') === true) return undefined;
  const [owner = '', name = '', ...path] = place.split('/');
  const found = readRepo(`${owner}/${name}`);
  if (found === undefined) return undefined;
  if (path.length === 0) return { type: 'tag', ...found, tag };
  if (tag !== null || path.some((part) => part === '' || part === '..')) return undefined;
  return { type: 'file', ...found, path: path.join('/') };
};

/** Pages and files of the hub: `/owner/repo`, `/owner/repo/{resolve,blob,raw}/revision/path`. */
const readHubUrl = ({ pathname }: URL): HubSource | undefined => {
  const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
  const [owner = '', name = '', kind, revision, ...path] = parts;
  const repo = `${owner}/${name}`;
  if (!repoName.test(repo)) return undefined;
  if (kind === undefined || (kind === 'tree' && path.length === 0))
    return { type: 'tag', repo, revision: revision ?? 'main', tag: null };
  if (!['resolve', 'blob', 'raw'].includes(kind) || revision === undefined || path.length === 0)
    return undefined;
  return { type: 'file', repo, revision, path: path.join('/') };
};

/**
 * Reads what the user typed or pasted: an address of a file, a page of the hub, `hf:owner/repo/file.gguf`,
 * `owner/repo:Q4_K_M`, each of the short ones with `@revision` behind the repository.
 * @param endpoint the hub in use (HF_ENDPOINT), whose own addresses are read as the hub's
 * @throws AppError `app.bad-input`
 */
export const readHubSource = (text: string, endpoint = defaultHubEndpoint): HubSource => {
  const trimmed = text.trim();
  if (/^https?:\/\//i.test(trimmed)) {
    if (!URL.canParse(trimmed)) throw badSource(text);
    const url = new URL(trimmed);
    const isHub = url.host === new URL(endpoint).host || knownHosts.includes(url.host);
    return (isHub ? readHubUrl(url) : undefined) ?? { type: 'url', url: trimmed };
  }
  const short = trimmed
    .replace(/^(hf|huggingface):(\/\/)?/i, '')
    .replace(/^(www\.)?(hf\.co|huggingface\.co)\//i, '');
  const source = readShort(short);
  if (source === undefined) throw badSource(text);
  return source;
};
