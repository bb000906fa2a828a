// What a reader meets on a page, as plain values. Run inside the page by reader.seen.
() => {
    const all = (selector, root = document) => [...root.querySelectorAll(selector)];
    const text = element => (element?.textContent ?? '').replace(/\s+/g, ' ').trim();
    const shows = element => !!element && element.checkVisibility({opacityProperty: true, visibilityProperty: true})
        && element.getBoundingClientRect().width > 0;
    const main = document.querySelector('[data-testid=stMain]');

    // A chart's numbers are in its own section: a table, or a row with a file.
    const sections = [[]];
    for (const element of all('h2, [class*="st-key-chart-"], [class*="st-key-source-"], table.pl-table', main)) {
        if (element.matches('h2') && !element.closest('footer')) sections.push([]);
        else sections.at(-1).push(element);
    }
    const hasNumbers = chart => sections.find(section => section.includes(chart)).some(element =>
        element.matches('table') ? shows(element) : element.querySelector('[data-testid=stDownloadButton]'));
    const charts = all('[data-testid=stPlotlyChart]', main).map(figure => {
        const chart = figure.closest('[class*="st-key-chart-"]');
        // On a wall the drawing may be shown smaller than it was made.
        const box = (figure.querySelector('.js-plotly-plot') ?? figure).getBoundingClientRect();
        const cut = all('text', figure).filter(shows).filter(word => {
            const at = word.getBoundingClientRect();
            return at.width && (at.right > box.right + 3 || at.left < box.left - 3
                || at.bottom > box.bottom + 3 || at.top < box.top - 3);
        });
        // Notes and dates that lie on each other; SIMULATED lies under everything.
        const placed = all('.annotation-text-g text, .xtick text', figure)
            .filter(word => shows(word) && !word.closest('.annotation[style*="opacity: 0.3"]'))
            .map(word => [text(word), word.getBoundingClientRect()]);
        const touching = placed.flatMap(([one, a], i) => placed.slice(i + 1).filter(([, b]) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3).map(([other]) => `${one} / ${other}`));
        return {
            key: chart ? [...chart.classList].find(name => name.startsWith('st-key-chart-')).slice(13) : '',
            alt: figure.getAttribute('aria-label') ?? '',
            role: figure.getAttribute('role') ?? '',
            words: text(figure),
            cut: cut.map(text),
            touching,
            hasNumbers: !!chart && hasNumbers(chart),
        };
    });

    const scrolls = element => {
        for (let above = element.parentElement; above && above !== main; above = above.parentElement)
            if (getComputedStyle(above).overflowX !== 'visible') return true;
        return false;
    };
    const beyond = all('*', main).filter(element => {
        const at = element.getBoundingClientRect();
        return at.width && at.height && at.right > innerWidth + 1 && shows(element) && !scrolls(element);
    });
    return {
        h1: all('h1', main).filter(shows).map(text),
        language: document.documentElement.lang,
        tab: document.title,
        name: text(document.querySelector('.pl-page')),
        tag: shows(document.querySelector('.pl-page .pl-tag')) ? text(document.querySelector('.pl-page .pl-tag')) : '',
        strip: shows(document.querySelector('.st-key-strip .pl-sim b'))
            ? text(document.querySelector('.st-key-strip .pl-sim b')) : '',
        sources: all('[class*="st-key-source-"]:not([class*="st-key-source-of-"]) .pl-source', main).filter(shows).map(text),
        footer: text(document.querySelector('footer.pl-footer')),
        words: main.innerText,
        navigation: all('.st-key-nav a, .pl-menu a').filter(shows).map(text),
        exceptions: all('[data-testid=stException], [data-testid=stAlertContentError]').map(text),
        ownDownloads: all('[data-testid=stElementToolbar] [aria-label^="Download"]').filter(
            button => getComputedStyle(button.closest('[data-testid=stElementToolbarButton]') ?? button).display !== 'none'
        ).length,
        charts,
        sideways: [document.scrollingElement, main].map(box => box.scrollWidth - box.clientWidth),
        // A table of a few rows is shown whole; a longer one may be scrolled.
        clipped: all('.pl-scroll', main).filter(region => shows(region) && region.scrollHeight > region.clientHeight + 1
            && region.querySelectorAll('tbody tr').length <= 12).map(region => region.ariaLabel),
        beyond: beyond.slice(0, 8).map(e => `${e.tagName}.${e.className.baseVal ?? e.className}: ${text(e).slice(0, 60)}`),
    };
}
