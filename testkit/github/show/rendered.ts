/** The renderings of a Markdown text that the media types text, html and full ask for. Plain, but honest about hidden text. */
export function rendered(body: string, media: readonly string[]): Record<string, string> {
  const full = media.includes('full');
  const visible = body.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
  return {
    ...(full || media.includes('text') ? { body_text: visible.replace(/<[^>]*>/g, '').trim() } : {}),
    ...(full || media.includes('html') ? { body_html: `<p dir="auto">${escaped(visible.trim())}</p>` } : {}),
  };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
