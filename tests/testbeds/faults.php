<?php // a must-use plugin: makes a real WordPress fail. wp-content/fault holds "MODE SKIP": at which write, after how many
function pillarcast_test_fault($moment) {
    $file = WP_CONTENT_DIR . '/fault';
    if (($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET' || !is_file($file)) return;
    list($mode, $skip) = explode(' ', trim(file_get_contents($file)) . ' 0');
    if (strpos($mode, $moment) !== 0) return;
    if ((int) $skip > 0) { file_put_contents($file, $mode . ' ' . ($skip - 1)); return; }
    unlink($file);
    switch ($mode) {
        case 'before-kill': case 'after-kill':
            posix_kill(getmypid(), SIGKILL); sleep(5); exit;
        case 'after-fatal':
            a_function_that_a_broken_plugin_calls();
        case 'after-sleep':
            sleep(6); break;
        case 'after-notice':
            echo "<br />\n<b>Notice</b>: Undefined index in /plugins/broken.php on line 7<br />\n";
    }
}
add_action('init', function () { pillarcast_test_fault('before'); });
add_action('wp_after_insert_post', function ($id, $post) {
    if ($post->post_type === 'post' || $post->post_type === 'attachment') pillarcast_test_fault('after');
}, 10, 2);
