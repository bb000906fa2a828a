// Runs before Streamlit, inlined into the start page by server.py. What Streamlit leaves out for readers who use the
// keyboard or a screen reader: Tab goes from an open popover's button into the popover and on from there (Streamlit
// appends it to the end of the page and leaves the focus behind), the bar of pages is a landmark, the page names
// the language that its address asks for, and it follows the system's theme.
(() => {
    const STOPS = 'input, button, a[href], summary, textarea, [contenteditable=true], [tabindex="0"]';
    const opener = () => document.querySelector('[data-testid=stPopoverButton][aria-expanded=true]');
    const panel = () => [...document.querySelectorAll('[data-testid=stPopoverBody]')].pop();
    const stops = box => [...box.querySelectorAll(STOPS)].filter(stop =>
        !stop.disabled && !stop.closest('[aria-hidden=true]') && stop.checkVisibility({visibilityProperty: true})
        && (stop.tabIndex >= 0 || stop.getAttribute('role') === 'combobox'));
    addEventListener('keydown', event => {
        const button = opener(), box = panel();
        if (!button || !box) return;
        box.setAttribute('aria-label', (box.getAttribute('aria-label') ?? '').replaceAll('**', ''));
        const inside = stops(box), at = document.activeElement;
        let next = null;
        if (event.key === 'Tab' && !event.shiftKey && at === button) next = inside[0];
        else if (event.key === 'Tab' && event.shiftKey && at === inside[0]) next = button;
        else if (event.key === 'Tab' && at === inside.at(-1)) {
            // Close it and stand on its button: the browser's own Tab goes on from there.
            button.focus();
            button.click();
        } else if (event.key === 'Escape' && box.contains(at) && at.getAttribute('aria-expanded') !== 'true') {
            button.focus();
        }
        if (next) {
            event.preventDefault();
            next.focus();
        }
    }, true);

    // Streamlit's own table takes the focus without a name: it is called as the region around it.
    addEventListener('focusin', ({target}) => {
        const table = target.closest('[data-testid=stDataFrameResizable][aria-label]');
        if (!table || target === table || !target.matches('canvas, div')) return;
        target.setAttribute('role', 'group');
        target.setAttribute('aria-label', table.getAttribute('aria-label'));
    });

    const speak = () => {
        const asked = new URLSearchParams(location.search).get('lang'), {languages} = window.__porchlight;
        document.documentElement.lang = languages.includes(asked) ? asked : languages[0];
    };
    for (const name of ['pushState', 'replaceState']) {
        const plain = history[name].bind(history);
        history[name] = (...to) => {
            plain(...to);
            speak();
        };
    }
    addEventListener('popstate', speak);

    // The bar of pages is a landmark, and says which page this is.
    new MutationObserver(() => {
        const bar = document.querySelector('.st-key-nav');
        bar?.setAttribute('role', 'navigation');
        for (const link of bar?.querySelectorAll('[data-testid=stPageLink-NavLink]') ?? []) {
            if (!link.closest('.st-key-nav-on')) link.removeAttribute('aria-current');
            else if (!link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'page');
        }
    }).observe(document, {childList: true, subtree: true});

    // A link to a place within a page (#query) is there before the place is.
    // What stands above and below it comes later: it is kept in view until the reader does something.
    let waits = location.hash.length > 1;
    for (const does of ['wheel', 'touchstart', 'pointerdown', 'keydown']) {
        addEventListener(does, () => { waits = false; }, {capture: true, passive: true});
    }
    new MutationObserver(() => {
        const place = waits && document.getElementById(location.hash.slice(1));
        if (!place) return;
        place.focus({preventScroll: true});
        place.scrollIntoView();
    }).observe(document, {childList: true, subtree: true});

    // Streamlit turns its own colours when the system's theme turns, and leaves ours and the charts' as they were.
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => location.reload());
})();
