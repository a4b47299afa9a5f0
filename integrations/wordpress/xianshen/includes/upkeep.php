<?php
/**
 * What is done now and then: report publications, take down what deviates, ask again.
 *
 * @package Xianshen
 */

namespace Xianshen;

defined( 'ABSPATH' ) || exit;

const UPKEEP     = 'xianshen_upkeep';
const CURSOR     = 'xianshen_cursor';
const BASELINE   = 'xianshen_baseline';
const AT_A_TIME  = 50;
const SEEN_FOR   = 604800; // seconds; a webhook is sent again for three days

/** Stand where the clock strikes. */
function hook_upkeep(): void {
	add_filter( 'cron_schedules', __NAMESPACE__ . '\\every_five_minutes' ); // phpcs:ignore WordPress.WP.CronInterval -- short on purpose
	add_action( UPKEEP, __NAMESPACE__ . '\\look_after' );
	add_action( 'xianshen_report', __NAMESPACE__ . '\\send_reports' );
	add_action( 'init', __NAMESPACE__ . '\\plan_upkeep' );
}

/** Add the interval. */
function every_five_minutes( array $known ): array {
	$known['xianshen_five_minutes'] = array(
		'interval' => 300,
		'display'  => __( '每五分钟（先审）', 'xianshen' ),
	);
	return $known;
}

/** Have it done from now on. */
function plan_upkeep(): void {
	if ( ! wp_next_scheduled( UPKEEP ) ) {
		wp_schedule_event( time() + 60, 'xianshen_five_minutes', UPKEEP );
	}
}

/** Begin: what is public on the first day stays so, as it is. */
function on_activation(): void {
	plan_upkeep();
	trust_existing( guarded_types() );
}

/** Stop. */
function on_deactivation(): void {
	wp_clear_scheduled_hook( UPKEEP );
}

/** Let what is public of these kinds stay as it is; once for each kind, and never again. */
function trust_existing( array $types ): void {
	global $wpdb;
	$done = (array) get_option( BASELINE, array() );
	if ( defined( 'XIANSHEN_TRUST_EXISTING' ) && ! XIANSHEN_TRUST_EXISTING ) {
		$types = array();
	}
	foreach ( array_diff( $types, $done ) as $type ) {
		$ids = $wpdb->get_col( $wpdb->prepare( "SELECT ID FROM $wpdb->posts WHERE post_type = %s AND post_status = 'publish'", $type ) ); // phpcs:ignore WordPress.DB -- all of them
		foreach ( $ids as $id ) {
			$post = get_post( (int) $id );
			$offer = offer_of_post( $post );
			$files = seals_of( page_of( $offer )['paths'] );
			keep_record( $offer, array( 'external_id' => '', 'case' => '', 'files' => $files ) );
		}
		$done[] = $type;
		update_option( BASELINE, $done, false );
	}
}

/** Note that a publication has to be reported. */
function want_report( int $id, array $answer ): void {
	$waiting   = kept( $id, REPORT );
	$waiting[] = array(
		'external_id' => $answer['external_id'],
		'at'          => gmdate( 'Y-m-d\TH:i:s\Z' ),
		'channel'     => setting( 'channel' ),
	);
	keep( $id, REPORT, $waiting );
	wp_schedule_single_event( time(), 'xianshen_report', array( $id ) );
}

/** Report a post's publications; what is not taken is tried again. */
function send_reports( $id ): void {
	$id      = (int) $id;
	$waiting = kept( $id, REPORT );
	$left    = array();
	foreach ( $waiting as $one ) {
		$said = ask_gate(
			'POST',
			'gate/publications',
			array(
				'external_id'  => $one['external_id'],
				'channel'      => $one['channel'],
				'address'      => mb_substr( (string) get_permalink( $id ), 0, 200 ),
				'published_at' => $one['at'],
			),
			array( 'Idempotency-Key' => md5( $one['external_id'] . $one['at'] . $one['channel'] ) )
		);
		if ( is_wp_error( $said ) ) {
			$left[] = array_merge( $one, array( 'error' => $said->get_error_message() ) );
		} elseif ( items_of( $id )[0] === $one['external_id'] ) {
			take_state( $id, $one['external_id'], $said );
		}
	}
	array() === $left ? delete_post_meta( $id, REPORT ) : keep( $id, REPORT, $left );
}

/** Do all of it. */
function look_after(): void {
	global $wpdb;
	$waiting = $wpdb->get_col( $wpdb->prepare( "SELECT post_id FROM $wpdb->postmeta WHERE meta_key = %s LIMIT %d", REPORT, AT_A_TIME ) ); // phpcs:ignore WordPress.DB -- all of them
	foreach ( $waiting as $id ) {
		send_reports( $id );
	}
	sweep();
	$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->options WHERE option_name LIKE %s AND CAST(option_value AS UNSIGNED) < %d", $wpdb->esc_like( SEEN ) . '%', time() - SEEN_FOR ) ); // phpcs:ignore WordPress.DB -- no function deletes so
}

/** Take down what is not what was cleared; ask the gate of the rest whether it still is. */
function sweep(): void {
	global $wpdb;
	$types = guarded_types();
	if ( array() === $types ) {
		return;
	}
	$after = (int) get_option( CURSOR, 0 );
	$marks = implode( ',', array_fill( 0, count( $types ), '%s' ) );
	$query = "SELECT ID FROM $wpdb->posts WHERE post_status = 'publish' AND ID > %d AND post_type IN ($marks) ORDER BY ID LIMIT %d";
	$ids   = $wpdb->get_col( $wpdb->prepare( $query, array_merge( array( $after ), $types, array( AT_A_TIME ) ) ) ); // phpcs:ignore WordPress.DB -- prepared here
	$asks  = '' === settings_fault();
	foreach ( $ids as $id ) {
		$asks = look_at( (int) $id, $asks );
	}
	update_option( CURSOR, count( $ids ) < AT_A_TIME ? 0 : (int) end( $ids ), false );
}

/** Look at one public post; return whether the gate still answers. */
function look_at( int $id, bool $asks ): bool {
	clean_post_cache( $id ); // what was written past WordPress is not in its caches
	$post = get_post( $id );
	$why  = deviation( $post );
	if ( '' !== $why ) {
		$offer  = offer_of_post( $post );
		$answer = $asks ? decide( $offer ) : no( 'unanswered', '' );
		if ( $answer['allowed'] ) {
			went_out( $offer, $answer ); // written past WordPress, and cleared all the same
			return $asks;
		}
		$old = $post->post_status;
		/* translators: %s: in what it deviates */
		pull( $post, no( 'changed', sprintf( __( '这一篇已经撤下：%s。', 'xianshen' ), $why ) ) );
		wp_transition_post_status( 'pending', $old, $post );
		return $asks;
	}
	$record = record_of( $id );
	if ( ! $asks || null === $record || '' === $record['external_id'] ) {
		return $asks;
	}
	$said = ask_gate( 'GET', 'gate/submissions/' . rawurlencode( $record['external_id'] ) );
	if ( ! is_wp_error( $said ) ) {
		take_back( $id, $record['external_id'], $said );
	}
	return ! is_wp_error( $said ) || 'unanswered' !== $said->get_error_code();
}
