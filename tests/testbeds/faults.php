<?php // a must-use plugin: makes a real WordPress fail. wp-content/fault holds "MODE TIMES", for writes to posts or media
function pillarcast_test_fault($moment) {
    $file = WP_CONTENT_DIR . '/fault';
    if (($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'GET' || !is_file($file)) return;
    list($mode, $times) = explode(' ', trim(file_get_contents($file)) . ' 1');
    if (strpos($mode, $moment) !== 0) return;
    if ((int) $times <= 1) unlink($file); else file_put_contents($file, $mode . ' ' . ($times - 1));
    switch ($mode) {
        case 'before-429':
            status_header(429); header('Retry-After: 2'); header('Content-Type: text/html'); echo 'Too many requests'; exit;
        case 'before-503':
            status_header(503); header('Content-Type: text/html'); echo '<h1>Briefly unavailable</h1>'; exit;
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
