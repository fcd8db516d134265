import { describe, expect, test } from 'vitest';
import { readHubSource } from '../../../../electron/models/hub-source.ts';

const main = { repo: 'owner/repo', revision: 'main' } as const;

describe('readHubSource', () => {
  test.each([
    ['owner/repo:Q4_K_M', { type: 'tag', ...main, tag: 'Q4_K_M' }],
    ['hf:owner/repo:Q4_K_M', { type: 'tag', ...main, tag: 'Q4_K_M' }],
    ['hf://owner/repo:Q4_K_M', { type: 'tag', ...main, tag: 'Q4_K_M' }],
    ['hf.co/owner/repo:Q8_0', { type: 'tag', ...main, tag: 'Q8_0' }],
    ['owner/repo', { type: 'tag', ...main, tag: null }],
    ['hf:owner/repo@v1.0:Q8_0', { type: 'tag', repo: 'owner/repo', revision: 'v1.0', tag: 'Q8_0' }],
    ['hf:owner/repo/file.gguf', { type: 'file', ...main, path: 'file.gguf' }],
    [' hf:owner/repo/sub/file.gguf ', { type: 'file', ...main, path: 'sub/file.gguf' }],
    ['https://huggingface.co/owner/repo', { type: 'tag', ...main, tag: null }],
    ['https://huggingface.co/owner/repo/tree/main', { type: 'tag', ...main, tag: null }],
    ['https://huggingface.co/owner/repo/blob/main/a%20b.gguf', { type: 'file', ...main, path: 'a b.gguf' }],
    [
      'https://huggingface.co/owner/repo/resolve/refs%2Fpr%2F1/a.gguf?download=true',
      { type: 'file', repo: 'owner/repo', revision: 'refs/pr/1', path: 'a.gguf' },
    ],
    ['https://mirror.example/owner/repo/resolve/main/a.gguf', { type: 'file', ...main, path: 'a.gguf' }],
    ['https://files.example/a.gguf', { type: 'url', url: 'https://files.example/a.gguf' }],
    ['http://127.0.0.1:8080/x/y', { type: 'url', url: 'http://127.0.0.1:8080/x/y' }],
  ])('reads %s', (text, source) => {
    expect(readHubSource(text, 'https://mirror.example')).toEqual(source);
  });

  test.each([
    '',
    'model',
    'owner/repo:',
    'owner/repo/../x.gguf',
    'owner/repo@:Q8_0',
    'a b/c:Q8_0',
    'https://',
    'ftp://x/y.gguf',
  ])('refuses "%s" with the forms it reads', (text) => {
    expect(() => readHubSource(text)).toThrow(`"${text}" is no address of a model.`);
  });
});
