import { describe, expect, it } from 'vitest';
import { redactLines, redactor } from './redact.ts';

/** Stands in the middle of every secret below, so that no scanner takes this file for a leak. */
const cut: string = '';
const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';
const gh = `gh${cut}p_${long}`;
const keyBegin = `-----BEGIN ${cut}PRIVATE KEY-----`;
const keyEnd = `-----END ${cut}PRIVATE KEY-----`;
const key = [
  keyBegin,
  ...Array.from({ length: 5 }, () => 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7'),
  keyEnd,
].join('\n');
const net = redactor([]);

describe('what looks like a secret', () => {
  it.each<[what: string, text: string, masked: string]>([
    ['a classic token', `token ${gh}.`, 'token [redacted:github-token].'],
    ['a server token with dots', `gh${cut}s_${long}.${long}.${long} x`, '[redacted:github-token] x'],
    ['a fine-grained token', `"github_${cut}pat_11AAAAAAA0${long}"`, '"[redacted:github-token]"'],
    ['an Anthropic key', `KEY=sk-${cut}ant-api03-${long}`, 'KEY=[redacted:anthropic-key]'],
    ['a key behind a JSON escape', `"a\\nsk-${cut}ant-api03-${long}"`, '"a\\n[redacted:anthropic-key]"'],
    ['a key behind a URL escape', `k%3Dsk-${cut}proj-${long}`, 'k%3D[redacted:openai-key]'],
    ['an old OpenAI key', `sk-${long}`, '[redacted:api-key]'],
    ['a Stripe key', `sk_${cut}live_${long}`, '[redacted:stripe-key]'],
    ['an npm token', `npm_${long}`, '[redacted:npm-token]'],
    ['a Slack token', `xox${cut}b-123456789012-abcdef`, '[redacted:slack-token]'],
    ['a Slack app token', `xapp-1-${long}`, '[redacted:slack-token]'],
    ['a GitLab token', `glpat-${long}`, '[redacted:gitlab-token]'],
    ['an AWS key', `id=AK${cut}IAIOSFODNN7EXAMPL3;`, 'id=[redacted:aws-key];'],
    ['a Google key', `AI${cut}za${long.slice(0, 35)} `, '[redacted:google-key] '],
    ['a Hugging Face token', `hf_${long}`, '[redacted:huggingface-token]'],
    ['a Docker token', `dckr_${cut}pat_${long}`, '[redacted:docker-token]'],
    ['a SendGrid key', `SG.${long}.${long}`, '[redacted:sendgrid-key]'],
    ['a JWT', `eyJ${long}.eyJ${long}.${long}!`, '[redacted:jwt]!'],
    [
      'a header',
      `Authorization: Bearer ${long}\nnext`,
      'Authorization: Bearer [redacted:authorization]\nnext',
    ],
    [
      'a header in JSON',
      `"authorization":"token ${long}"`,
      '"authorization":"token [redacted:authorization]"',
    ],
    ['a password in a URL', 'https://me:h0rse%21@host/x', 'https://[redacted:credentials]@host/x'],
    ['a password with an @', 'amqp://me:p@ss@host', 'amqp://[redacted:credentials]@host'],
    ['a token as the user of a URL', `https://${long}@host/x`, 'https://[redacted:credentials]@host/x'],
    ['a private key', `a\n${key}\nb`, 'a\n[redacted:private-key]\nb'],
    ['a private key in JSON', `"${key.replaceAll('\n', '\\n')}"`, '"[redacted:private-key]"'],
    ['a private key in a log', key.replaceAll('\n', '\n2026-11-20T21:00:00.1Z '), '[redacted:private-key]'],
    ['the start of a private key', `${key.slice(0, 150)}\n\nWell!`, '[redacted:private-key]\n\nWell!'],
    ['two private keys', `${key}\n${key}\n`, '[redacted:private-key]\n[redacted:private-key]\n'],
    ['the head of a key and no more', `${keyBegin}\nand so on`, '[redacted:private-key]\nand so on'],
  ])('masks %s', (_what, text, masked) => {
    expect(net.text(text)).toBe(masked);
  });

  it.each([
    [
      'a word that ends like a prefix',
      'task-ant-colony-optimizer-with-a-long-name and desk-abcdefghijklmnopqrstuvwxyz',
    ],
    ['a commit id', 'f2c7bd1ba1b2c3d4e5f60718293a4b5c6d7e8f90'],
    ['an integrity line', 'sha512-3XhW2bKBzVSIJoGdnnvfZS5Zc0mYXCGPmzNQdXHZlYhRGVEvEYtgGwHzJYQ7fKXQ=='],
    [
      'a template in a URL',
      'https://x-access-token:${TOKEN}@github.com and postgres://user:password@localhost/db',
    ],
    ['an npm setting', 'npm_config_registry npm_lifecycle_event'],
    ['code that speaks of keys', `text.includes('${keyBegin}')`],
    ['a port and an address', 'http://localhost:8080/a@b'],
  ])('leaves %s alone', (_what, text) => {
    expect(net.text(text)).toBe(text);
  });
});

describe('known values', () => {
  const secret = 'p/ss+w"rd=\\42 ünïcode';
  const masks = redactor([secret, 'short', gh]);

  it.each<[form: string, text: string]>([
    ['as they are', secret],
    ['in a URL', encodeURIComponent(secret)],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
  ])('are masked %s', (_form, text) => {
    expect(masks.text(`a ${text} b`)).toBe('a [redacted:secret] b');
  });

  it.each([0, 1, 2, 3, 4])('are masked in base64 behind %d other bytes', (before) => {
    const plain = `${'u'.repeat(before)}${secret}:tail`;
    for (const encoding of ['base64', 'base64url'] as const) {
      const masked = masks.text(Buffer.from(plain).toString(encoding));
      expect(masked).toContain('[redacted:secret]');
      expect(masked.replace('[redacted:secret]', '').length).toBeLessThan(20);
    }
  });

  it('are masked in a Basic header', () => {
    const basic = Buffer.from(`x-access-token:${gh}`).toString('base64');
    expect(masks.text(basic)).toContain('[redacted:github-token]');
  });

  it('that are shorter than eight characters are words', () => {
    expect(masks.text('a short word')).toBe('a short word');
  });

  it('are masked whole where they overlap', () => {
    const both = redactor(['abcdefgh-one-two', 'one-two-three-four', 'one-two-']);
    expect(both.text('x abcdefgh-one-two-three-four y')).toBe('x [redacted:secret] y');
  });

  it('of several lines are masked whole, and line by line', () => {
    const block = `first line of the secret\nsecond line of the secret\n`;
    const masks = redactor([block]);
    expect(masks.text(`a\n${block}b`)).toBe('a\n[redacted:secret]b');
    expect(masks.text('> second line of the secret')).toBe('> [redacted:secret]');
  });
});

describe('a stream', () => {
  const block = 'first line of the secret\nsecond line of the secret';
  const masks = redactor([gh, block, 'known-value-1234']);
  const text = [
    'plain',
    `a ${gh} b known-value-1234`,
    key,
    block,
    `https://me:h0rse@host ${Buffer.from(`x-access-token:${gh}`).toString('base64')}`,
    'x'.repeat(30_000) + gh + 'y'.repeat(20_000),
    keyBegin,
    'not a key at all, as it turns out',
    'the end known-value-1234',
  ].join('\n');

  function through(sizes: () => number, stream = masks.stream()): string {
    let out = '';
    for (let at = 0; at < text.length; ) {
      const size = sizes();
      out += stream.push(text.slice(at, at + size));
      at += size;
    }
    return out + stream.finish();
  }

  it.each([1, 2, 3, 7, 64, 1000, 8191, 16_384, 65_536])('in pieces of %d equals the whole', (size) => {
    expect(through(() => size)).toBe(masks.text(text));
  });

  it('passes lines on as they come', () => {
    const stream = masks.stream();
    expect(stream.push('one\ntwo')).toBe('one\n');
    expect(stream.push(' and more\n')).toBe('two and more\n');
    expect(stream.finish()).toBe('');
  });

  it('does not hold on to a line without an end for ever', () => {
    const stream = masks.stream();
    let held = 0;
    for (let piece = 0; piece < 30; piece += 1) held += 10_000 - stream.push('z'.repeat(10_000)).length;
    expect(held).toBeLessThan(40_000);
  });

  it.each([1, 13, 5000])('of lines needs only a redactor of texts, in pieces of %d', (size) => {
    const out = through(
      () => size,
      redactLines((part) => masks.text(part)),
    );
    expect(out).not.toContain(long);
    expect(out).not.toContain('MIIEvQIBADANBgkq');
    expect(out).not.toContain('line of the secret');
    expect(out).toContain('plain\na [redacted:github-token] b [redacted:secret]\n[redacted:private-key]\n');
    expect(out.endsWith('the end [redacted:secret]')).toBe(true);
  });
});

describe('hostile text', () => {
  it.each(['eyJ', `${keyBegin}\n`, '://a:', 'sk-', 'ghp_aaaaaaaaaaaaaaaaa', 'eyJaaaaaaaaa.', 'SG.', 'a'])(
    'of %s a million characters long is read to its end',
    (piece) => {
      const text = `${piece.repeat(Math.ceil(1_000_000 / piece.length))}\nWell.\n${gh} end`;
      expect(net.text(text).endsWith('[redacted:github-token] end')).toBe(true);
    },
  );
});
