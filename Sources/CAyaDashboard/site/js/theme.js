// Runs before the first paint, so that a page in the dark never flashes white.
(() => {
    const wanted = localStorage.getItem("aya-theme");
    if (wanted === "light" || wanted === "dark") document.documentElement.dataset.theme = wanted;
})();
